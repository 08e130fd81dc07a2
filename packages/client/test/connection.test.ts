import { once } from 'node:events'
import { createServer } from 'node:net'
import { callsPerBatchMax, frameBytesMax } from '@parley/domain/limits'
import { describe, expect, test } from 'vitest'
import { connect } from '../src/connect.ts'
import {
  callWaitMs,
  connectWaitMs,
  pongWaitMs,
  restartHintMsMax,
  retryFirstMsMax,
  retryMsMax,
  silenceMs,
  steadyMs,
} from '../src/limits.ts'
import { scriptedServer } from './scripted-server.ts'
import { type Stage, clientOf, deadAddress, errorOf } from './stage.ts'

/** How long the client waits now, by what it says itself. */
async function waitOf({ states, clock }: Stage) {
  const { reason, nextTryAt } = await states.next('waiting')
  return { reason, ms: nextTryAt - clock.now() }
}

describe('connecting', () => {
  test('a connection signs in by its first frame, and is online once the server has answered', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    expect(stage.client.state.kind).toBe('connecting')
    const peer = await server.peer()
    await stage.states.next('online')
    expect(peer.params).toEqual({ method: 'connectionParams', data: { token: 'a-token' } })
    expect(server.lastRequest?.url).toBe('/trpc?connectionParams=1')
  })

  test('an address without http, https, ws or wss is refused at once', () => {
    expect(() => connect({ url: 'chat.example.org', token: 'x' })).toThrow(TypeError)
    expect(() => connect({ url: 'ftp://chat.example.org', token: 'x' })).toThrow(TypeError)
    expect(() => connect({ url: 'https://me:secret@chat.example.org', token: 'x' })).toThrow(TypeError)
  })

  test('a server that takes the connection and says nothing is given up after a while', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    await (await server.peer()).ping()
    stage.clock.advance(connectWaitMs - 1)
    expect(stage.client.state.kind).toBe('connecting')
    stage.clock.advance(1)
    expect(await waitOf(stage)).toMatchObject({ reason: 'unreachable' })
  })

  test('a server that does not even open the socket is given up as well', async () => {
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const address = silent.address()
    if (address === null || typeof address === 'string') throw new Error('No port')
    await using stage = clientOf({ url: `http://127.0.0.1:${address.port}` })
    await once(silent, 'connection')
    stage.clock.advance(connectWaitMs)
    expect(await waitOf(stage)).toMatchObject({ reason: 'unreachable' })
    silent.close()
  })
})

describe('waiting for the next try', () => {
  test('each failure doubles the bound of a random wait, up to the longest', async () => {
    await using stage = clientOf(await deadAddress())
    const waits: number[] = []
    for (let tries = 0; tries < 10; tries++) {
      const { ms, reason } = await waitOf(stage)
      expect(reason).toBe('unreachable')
      waits.push(ms)
      stage.clock.advance(ms)
    }
    const half = retryFirstMsMax / 2
    expect(waits.slice(0, 4)).toEqual([half, half * 2, half * 4, half * 8])
    expect(waits.at(-1)).toBe(retryMsMax / 2)
    expect(stage.states.all.filter(({ kind }) => kind === 'connecting')).toHaveLength(10)
  })

  test('nothing is tried before the time has come', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const first = await server.peer()
    await stage.states.next('online')
    first.cut()
    const { ms } = await waitOf(stage)
    stage.clock.advance(ms - 1)
    expect(stage.client.state.kind).toBe('waiting')
    stage.clock.advance(1)
    await server.peer()
    expect(server.count).toBe(2)
  })

  test('a connection that was steady is followed by a short wait, one that broke at once is not', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const lose = async (afterMs: number) => {
      const peer = await server.peer()
      await stage.states.next('online')
      stage.clock.advance(afterMs)
      peer.cut()
      const wait = await waitOf(stage)
      stage.clock.advance(wait.ms)
      return wait
    }
    expect(await lose(0)).toEqual({ reason: 'lost', ms: retryFirstMsMax / 2 })
    expect(await lose(0)).toEqual({ reason: 'lost', ms: retryFirstMsMax })
    expect(await lose(0)).toEqual({ reason: 'lost', ms: retryFirstMsMax * 2 })
    expect(await lose(steadyMs)).toEqual({ reason: 'lost', ms: retryFirstMsMax / 2 })
  })

  test('a server that restarts is believed when it says how long to wait', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    peer.close(1012, 'restart; retry-after-ms=4321')
    expect(await waitOf(stage)).toEqual({ reason: 'restarting', ms: 4321 })
  })

  test('no server can send its clients away for days', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    peer.close(1012, 'restart; retry-after-ms=999999999')
    expect(await waitOf(stage)).toEqual({ reason: 'restarting', ms: restartHintMsMax })
  })

  test('an account with too many connections waits and tries again', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    const peer = await server.peer()
    await peer.ping()
    peer.refuse(null, 'too-many')
    peer.close(4429, 'refused')
    expect(await waitOf(stage)).toEqual({ reason: 'turned-away', ms: retryFirstMsMax / 2 })
  })

  test('retryNow tries at once', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const first = await server.peer()
    await stage.states.next('online')
    first.cut()
    await stage.states.next('waiting')
    stage.client.retryNow()
    await server.peer()
    await stage.states.next('online')
    expect(server.count).toBe(2)
  })

  test('a browser that says it is online again is taken at its word', async () => {
    const page = new EventTarget()
    globalThis.addEventListener = page.addEventListener.bind(page)
    globalThis.removeEventListener = page.removeEventListener.bind(page)
    try {
      await using server = await scriptedServer()
      await using stage = clientOf(server)
      const first = await server.peer()
      await stage.states.next('online')
      first.cut()
      await stage.states.next('waiting')
      page.dispatchEvent(new Event('online'))
      await stage.states.next('online')
      await stage.client.close()
      page.dispatchEvent(new Event('online'))
      expect(stage.client.state.kind).toBe('closed')
    } finally {
      Reflect.deleteProperty(globalThis, 'addEventListener')
      Reflect.deleteProperty(globalThis, 'removeEventListener')
    }
  })
})

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
    peer.close(4401, 'not authenticated in time')
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

describe('calls', () => {
  test('a call made before there is a connection goes out when there is', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const me = stage.client.api.people.get.query({ accountId: 'a'.repeat(16) })
    const peer = await server.peer()
    const said = await peer.next()
    expect(said).toMatchObject({
      method: 'query',
      params: { path: 'people.get', input: { accountId: 'a'.repeat(16) } },
    })
    peer.answer(said.id, { id: 'a1' })
    expect(await me).toEqual({ id: 'a1' })
    expect(stage.clock.waiting).toBe(1)
  })

  test('a call waits for the connection only so long, and has not been sent then', async () => {
    await using stage = clientOf(await deadAddress())
    const waiting = errorOf(stage.client.api.account.me.query())
    await stage.states.next('waiting')
    stage.clock.advance(callWaitMs)
    expect((await waiting).kind).toBe('unreachable')
  })

  test('a call under way when the connection ends may have happened or not, and says so', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const lost = errorOf(stage.client.api.account.me.query())
    const peer = await server.peer()
    await peer.next()
    peer.cut()
    expect((await lost).kind).toBe('connection-lost')
  })

  test('no call is begun on a server that is about to stop; those begun are answered', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const begun = stage.client.api.account.me.query()
    const first = await server.peer()
    const said = await first.next()
    first.say({ id: null, method: 'reconnect' })
    first.answer(said.id, 'begun')
    expect(await begun).toBe('begun')
    const later = stage.client.api.account.me.query()
    first.close(1012, 'restart; retry-after-ms=100')
    await stage.states.next('waiting')
    expect(first.frames).toHaveLength(1)
    stage.clock.advance(100)
    const second = await server.peer()
    second.answer((await second.next()).id, 'later')
    expect(await later).toBe('later')
  })

  test('P5: the calls of a turn go out in few frames, none with more calls than the server takes', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    const count = callsPerBatchMax * 2 + 5
    const calls = Array.from({ length: count }, () => stage.client.api.account.me.query())
    for (let index = 0; index < count; index++) peer.answer((await peer.next()).id, index)
    expect(await Promise.all(calls)).toEqual(Array.from({ length: count }, (_, index) => index))
    expect(peer.frames.map((frame) => [JSON.parse(frame)].flat().length)).toEqual([
      callsPerBatchMax,
      callsPerBatchMax,
      5,
    ])
  })

  test('P5: a call for which the server would cut the connection is refused before it is sent', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    const { api } = stage.client
    const tooLarge = await errorOf(api.people.search.query({ words: 'é'.repeat(frameBytesMax / 2) }))
    expect(tooLarge.kind).toBe('too-large')
    // As many characters of one byte each go through.
    const fits = api.people.search.query({ words: 'e'.repeat(frameBytesMax / 2) })
    peer.answer((await peer.next()).id, null)
    await fits
    expect(peer.frames).toHaveLength(1)
  })

  test('an aborted call is over at once, and its answer is for nobody', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    const leaving = new AbortController()
    const aborted = errorOf(stage.client.api.account.me.query(undefined, { signal: leaving.signal }))
    const said = await peer.next()
    leaving.abort(new Error('the page was left'))
    const error = await aborted
    expect(error.kind).toBe('aborted')
    expect(error.cause?.message).toBe('the page was left')
    const next = stage.client.api.account.me.query()
    peer.answer(said.id, 'late')
    peer.answer((await peer.next()).id, 'mine')
    expect(await next).toBe('mine')
  })

  test('a call that is aborted while it waits for the connection is never sent', async () => {
    await using server = await scriptedServer()
    server.mute = true
    await using stage = clientOf(server)
    const leaving = new AbortController()
    const aborted = errorOf(stage.client.api.account.me.query(undefined, { signal: leaving.signal }))
    const peer = await server.peer()
    await peer.ping()
    leaving.abort()
    expect((await aborted).kind).toBe('aborted')
    expect(
      (await errorOf(stage.client.api.account.me.query(undefined, { signal: leaving.signal }))).kind,
    ).toBe('aborted')
    peer.send('PONG')
    await stage.states.next('online')
    const next = stage.client.api.account.me.query()
    peer.answer((await peer.next()).id, 'only')
    expect(await next).toBe('only')
    expect(peer.frames).toHaveLength(1)
  })
})

describe('closing', () => {
  test('calls under way and waiting are told, nothing is left behind, and the server sees the end', async () => {
    await using server = await scriptedServer()
    await using stage = clientOf(server)
    const peer = await server.peer()
    await stage.states.next('online')
    const begun = errorOf(stage.client.api.account.me.query())
    await peer.next()
    await stage.client.close()
    expect((await begun).kind).toBe('closed')
    await peer.closed()
    expect((await errorOf(stage.client.api.account.me.query())).kind).toBe('closed')
    expect(stage.states.all.at(-1)).toEqual({ kind: 'closed' })
    expect(stage.clock.waiting).toBe(0)
  })

  test('a client that waits for its next try stops waiting', async () => {
    await using stage = clientOf(await deadAddress())
    await stage.states.next('waiting')
    const waiting = errorOf(stage.client.api.account.me.query())
    await stage.client.close()
    expect((await waiting).kind).toBe('closed')
    expect(stage.clock.waiting).toBe(0)
  })
})
