import { once } from 'node:events'
import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { Refusal } from '@parley/domain/refusal'
import { describe, expect, test } from 'vitest'
import { Addresses } from '../../src/http/addresses.ts'
import { type ListenerLimits, listenerLimits } from '../../src/http/limits.ts'
import { Listener } from '../../src/http/listener.ts'
import { Origins } from '../../src/http/origins.ts'
import { type Route, Routes } from '../../src/http/routes.ts'
import { openLog } from '../../src/logs/log.ts'

const route = (path: string, answer: string): Route => ({
  path,
  handleRequest: (_request, response) => void response.end(answer),
})

/** Reads the whole body before it answers. */
const reading: Route = {
  path: '/read',
  async handleRequest(request, response) {
    for await (const _ of request);
    response.end('read')
  },
}

async function listening(routes: readonly Route[], limits: Partial<ListenerLimits> = {}) {
  const logged: string[] = []
  const log = openLog(
    { logLevel: 'debug', logFormat: 'json' },
    { isTerminal: false, write: (line) => void logged.push(line), flush: () => {} },
  )
  const listener = new Listener({
    routes: new Routes(routes),
    origins: new Origins([]),
    addresses: new Addresses([]),
    log,
    limits: { ...listenerLimits, ...limits },
  })
  const url = await listener.listen('127.0.0.1', 0)
  return {
    url,
    listener,
    logged,
    async [Symbol.asyncDispose]() {
      listener.cutOff()
      await listener.close()
    },
  }
}

async function open(url: string): Promise<Socket & Disposable> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return Object.assign(socket, { [Symbol.dispose]: () => void socket.destroy() })
}

/** What comes before the other side closes. */
async function untilClosed(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  if (!socket.destroyed) await once(socket, 'close')
  return text
}

describe('routes', () => {
  test('answer at their path, and below it where that ends in a slash; the longest goes first', async () => {
    await using here = await listening([
      route('/a', 'a'),
      route('/a/', 'below a'),
      route('/a/b/', 'below b'),
      route('/', 'root'),
    ])
    const ask = async (path: string) => (await fetch(here.url + path)).text()
    expect(await Promise.all(['/', '/a', '/a/', '/a/x', '/a/b/x'].map(ask))).toEqual([
      'root',
      'a',
      'below a',
      'below a',
      'below b',
    ])
    expect((await fetch(`${here.url}/ab`)).status).toBe(404)
  })

  test('cannot be two at one path', () => {
    expect(() => new Routes([route('/a', '1'), route('/a', '2')])).toThrow('/a')
  })

  test('that refuse say why, and those that fail do not: that is in the log', async () => {
    const refusing: Route = {
      path: '/refuse',
      handleRequest() {
        throw new Refusal('rate-limited', 'Too often.', { retryAfterMs: 1_500 })
      },
    }
    const failing: Route = {
      path: '/fail',
      async handleRequest() {
        throw new Error('a defect')
      },
    }
    await using here = await listening([refusing, failing])
    const refused = await fetch(`${here.url}/refuse`)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('2')
    expect(await refused.json()).toEqual({
      error: { kind: 'rate-limited', message: 'Too often.', retryAfterMs: 1_500 },
    })
    expect(here.logged).toEqual([])
    const failed = await fetch(`${here.url}/fail`)
    expect(failed.status).toBe(500)
    expect(await failed.text()).not.toContain('a defect')
    expect(here.logged).toEqual([expect.stringContaining('a defect')])
  })
})

describe('P5: clients that take their time are cut off, and others do not notice', () => {
  test('one that never sends its headers', async () => {
    await using here = await listening([route('/a', 'a')], { headersMs: 100, timeoutsCheckedMs: 20 })
    const silent = await open(here.url)
    const slow = await open(here.url)
    slow.write('GET /a HTTP/1.1\r\nHost: x\r\n')
    expect(await (await fetch(`${here.url}/a`)).text()).toBe('a')
    expect(await untilClosed(silent)).toMatch(/^HTTP\/1\.1 408 |^$/)
    expect(await untilClosed(slow)).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('one that never sends all of its body', async () => {
    await using here = await listening([reading], { bodyMs: 100 })
    const slow = await open(here.url)
    slow.write('POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc')
    expect(await untilClosed(slow)).not.toContain('200')
    expect(await (await fetch(`${here.url}/read`, { method: 'POST', body: 'all of it' })).text()).toBe('read')
  })

  test('but not one whose route bounds its time itself', async () => {
    await using here = await listening(
      [
        { ...reading, boundsItsTime: true },
        { ...reading, path: '/bounded' },
      ],
      { bodyMs: 50 },
    )
    const slow = await open(here.url)
    slow.write('POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab')
    const bounded = await open(here.url)
    bounded.write('POST /bounded HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab')
    // By now the time is over for both.
    await untilClosed(bounded)
    slow.write('cd')
    const [answer] = (await once(slow, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /)
    slow.destroy()
  })

  test('one with more connections than an address may have gets no further ones', async () => {
    await using here = await listening([route('/a', 'a')], { connectionsPerAddressMax: 2 })
    const accepted: Socket[] = []
    here.listener.server.on('connection', (socket) => accepted.push(socket))
    using one = await open(here.url)
    using _ = await open(here.url)
    expect(await untilClosed(await open(here.url))).toBe('')
    const [first] = accepted
    one.destroy()
    await once(first ?? one, 'close')
    expect((await fetch(`${here.url}/a`)).status).toBe(200)
  })
})
