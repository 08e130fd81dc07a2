import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { connect } from '../src/connect.ts'
import { connectWaitMs, restartHintMsMax, retryFirstMsMax, retryMsMax, steadyMs } from '../src/limits.ts'
import { scriptedServer } from './scripted-server.ts'
import { clientOf, deadAddress, waitOf } from './stage.ts'

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
