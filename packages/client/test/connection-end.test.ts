import { describe, expect, test } from 'vitest'
import { pongWaitMs, silenceMs } from '../src/limits.ts'
import { scriptedServer } from './scripted-server.ts'
import { clientOf, errorOf, waitOf } from './stage.ts'

describe('a connection that is dead without saying so', () => {
  test('a silent one is asked, and left when it does not answer', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    await stage.states.next('online')
    peer.mute = true
    stage.clock.advance(silenceMs)
    await peer.ping()
    stage.clock.advance(pongWaitMs - 1)
    expect(stage.client.state.kind).toBe('online')
    stage.clock.advance(1)
    expect(await waitOf(stage)).toMatchObject({ reason: 'silent' })
  })

  test('one that answers is kept', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    await stage.states.next('online')
    for (let turn = 0; turn < 3; turn++) {
      stage.clock.advance(silenceMs)
      await peer.ping()
      // The answer to the ping is on its way before this one, and both come in order.
      const answered = stage.client.api.account.me.query()
      peer.answer((await peer.next()).id, null)
      await answered
      stage.clock.advance(pongWaitMs)
    }
    expect(stage.states.all.map(({ kind }) => kind)).toEqual(['online'])
  })

  test('one from which something comes is not asked', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    await stage.states.next('online')
    const answered = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, null)
    await answered
    stage.clock.advance(silenceMs)
    peer.mute = true
    stage.clock.advance(silenceMs - 1)
    stage.clock.advance(pongWaitMs)
    expect(stage.client.state.kind).toBe('online')
  })

  test('retryNow asks it at once, and asking again does not put the end off', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    await stage.states.next('online')
    peer.mute = true
    stage.client.retryNow()
    await peer.ping()
    stage.clock.advance(pongWaitMs - 1)
    stage.client.retryNow()
    stage.clock.advance(1)
    expect(await waitOf(stage)).toMatchObject({ reason: 'silent' })
  })

  test('one that brings what is not of the protocol is left', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    peer.send('<html>Your session at this café has expired</html>')
    expect(await waitOf(stage)).toMatchObject({ reason: 'garbled' })
    await peer.closed()
  })
})

describe('a token that is good no longer', () => {
  const endings: { title: string; code: number; reason: string; refusal?: string; kind: string }[] = [
    { title: 'its session was ended', code: 4401, reason: 'session ended', kind: 'signed-out' },
    {
      title: 'it is of no session',
      code: 4401,
      reason: 'refused',
      refusal: 'signed-out',
      kind: 'signed-out',
    },
    {
      title: 'its account was disabled',
      code: 4403,
      reason: 'refused',
      refusal: 'account-disabled',
      kind: 'account-disabled',
    },
    { title: 'it is not wanted for another reason', code: 4403, reason: 'refused', kind: 'not-allowed' },
  ]
  test.each(endings)('P6: $title: that is final, and nobody knocks again', async (ending) => {
    await using server = await scriptedServer()
    server.mute = ending.refusal !== undefined
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    if (ending.refusal === undefined) await stage.states.next('online')
    else peer.refuse(null, ending.refusal)
    peer.close(ending.code, ending.reason)
    const { error } = await stage.states.next('refused')
    expect(error.kind).toBe(ending.kind)
    expect(await errorOf(stage.client.api.account.me.query())).toBe(error)
    expect(stage.clock.waiting).toBe(0)
    stage.client.retryNow()
    stage.clock.advance(3_600_000)
    expect(stage.client.state).toEqual({ kind: 'refused', error })
    expect(server.count).toBe(1)
  })

  test('it is final too when the connection breaks before its close frame has come', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    peer.refuse(null, 'signed-out')
    peer.end()
    expect((await stage.states.next('refused')).error.kind).toBe('signed-out')
  })

  test('a token that came too late may still be good, and is shown again', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    peer.close(4408, 'not authenticated in time')
    expect(await waitOf(stage)).toMatchObject({ reason: 'lost' })
  })

  test('calls that waited learn it too', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    const waiting = errorOf(stage.client.api.account.me.query())
    peer.close(4401, 'session ended')
    expect((await waiting).kind).toBe('signed-out')
  })
})
