import { callsPerBatchMax, frameBytesMax } from '@parley/domain/limits'
import { describe, expect, test } from 'vitest'
import { callWaitMs } from '../src/limits.ts'
import { scriptedServer } from './scripted-server.ts'
import { clientOf, deadAddress, errorOf } from './stage.ts'

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
