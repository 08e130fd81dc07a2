import { describe, expect, test } from 'vitest'
import { callWaitMs, retryFirstMsMax } from '../src/limits.ts'
import { type Said, scriptedServer } from './scripted-server.ts'
import { clientOf, deadAddress, errorOf } from './stage.ts'

const sent = { messageId: 5, ordinal: 1, sentAt: 0, repeated: false }
const inputOf = (said: Said) => said.params?.input

describe('sending', () => {
  test('text is sent as plain content, under a name of its own', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const one = stage.client.send('c1', 'hello')
    const two = stage.client.send(
      'c1',
      { kind: 'sealed', sealed: 'AAAA' },
      { replyTo: 3, clientMessageId: 'mine' },
    )
    const peer = await server.peer()
    const first = await peer.next()
    expect(first).toMatchObject({ method: 'mutation', params: { path: 'messages.send' } })
    expect(inputOf(first)).toEqual({
      conversationId: 'c1',
      content: { kind: 'plain', text: 'hello' },
      clientMessageId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    })
    const second = await peer.next()
    expect(inputOf(second)).toEqual({
      conversationId: 'c1',
      content: { kind: 'sealed', sealed: 'AAAA' },
      clientMessageId: 'mine',
      replyTo: 3,
    })
    peer.answer(second.id, { ...sent, ordinal: 2 })
    peer.answer(first.id, sent)
    expect(await one).toEqual(sent)
    expect(await two).toEqual({ ...sent, ordinal: 2 })
  })

  test('P2: it is sent again under the same name until the server has answered', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const sending = stage.client.send('c1', 'hello')
    const first = await server.peer()
    const said = await first.next()
    first.cut()
    const { nextTryAt } = await stage.states.next('waiting')
    stage.clock.advance(nextTryAt - stage.clock.now())
    const second = await server.peer()
    const again = await second.next()
    expect(inputOf(again)).toEqual(inputOf(said))
    second.answer(again.id, { ...sent, repeated: true })
    expect(await sending).toEqual({ ...sent, repeated: true })
  })

  test('it waits for the connection longer than any other call', async () => {
    await using stage = clientOf(await deadAddress())
    const sending = errorOf(stage.client.send('c1', 'hello'))
    const calling = errorOf(stage.client.api.account.me.query())
    await stage.states.next('waiting')
    stage.clock.advance(callWaitMs)
    expect((await calling).kind).toBe('unreachable')
    await stage.client.close()
    expect((await sending).kind).toBe('closed')
  })

  test('a rate limit is waited for', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const sending = stage.client.send('c1', 'hello')
    const peer = await server.peer()
    const said = await peer.next()
    peer.refuse(said.id, 'rate-limited', { retryAfterMs: 3_000 })
    const asked = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, null)
    await asked
    stage.clock.advance(2_999 + retryFirstMsMax / 2)
    expect(peer.unread).toBe(0)
    stage.clock.advance(1)
    const again = await peer.next()
    expect(inputOf(again)).toEqual(inputOf(said))
    peer.answer(again.id, sent)
    expect(await sending).toEqual(sent)
  })

  test('a server that is about to stop is asked again', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const sending = stage.client.send('c1', 'hello')
    const peer = await server.peer()
    peer.refuse((await peer.next()).id, 'shutting-down')
    const asked = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, null)
    await asked
    stage.clock.advance(retryFirstMsMax)
    peer.answer((await peer.next()).id, sent)
    expect(await sending).toEqual(sent)
  })

  test.each(['not-a-member', 'storage-full', 'attachment-missing'])(
    'P9: the refusal %s ends it',
    async (kind) => {
      await using server = await scriptedServer()
      await using stage = clientOf(server)
      const sending = errorOf(stage.client.send('c1', 'hello'))
      const peer = await server.peer()
      peer.refuse((await peer.next()).id, kind)
      expect((await sending).kind).toBe(kind)
    },
  )

  test('it ends with an ended session, a closed client, a signal', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    const leaving = new AbortController()
    const aborted = errorOf(stage.client.send('c1', 'hello', { signal: leaving.signal }))
    leaving.abort()
    expect((await aborted).kind).toBe('aborted')

    const unsent = errorOf(stage.client.send('c1', 'hello'))
    const peer = await server.peer()
    await peer.ping()
    peer.close(4401, 'session ended')
    expect((await unsent).kind).toBe('signed-out')

    await using other = clientOf(server)
    const waiting = errorOf(other.client.send('c1', 'hello'))
    await other.client.close()
    expect((await waiting).kind).toBe('closed')
  })

  test('a signal ends the wait for a rate limit too', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const leaving = new AbortController()
    const sending = errorOf(stage.client.send('c1', 'hello', { signal: leaving.signal }))
    const peer = await server.peer()
    peer.refuse((await peer.next()).id, 'rate-limited', { retryAfterMs: 3_000 })
    const asked = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, null)
    await asked
    leaving.abort()
    expect((await sending).kind).toBe('aborted')
  })
})
