import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { openFaultProxy } from '../src/fault-proxy.ts'

/** A server that says back what it hears, or just listens, and a client of it through a proxy. */
async function stage(answer: (socket: Socket) => void = (socket) => void socket.pipe(socket)) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    answer(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const proxy = await openFaultProxy(`http://127.0.0.1:${address.port}`)
  const client = connect(proxy.port, '127.0.0.1')
  await once(client, 'connect')
  const heard = new Heard(client)
  return {
    proxy,
    client,
    heard,
    async [Symbol.asyncDispose]() {
      client.destroy()
      await proxy[Symbol.asyncDispose]()
      server.close()
    },
  }
}

/** What a socket has received. */
class Heard {
  text = ''
  readonly #socket: Socket
  readonly closed: Promise<unknown>

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => socket.once('close', resolve))
    socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString()
    })
  }

  async until(text: string): Promise<void> {
    while (!this.text.includes(text)) await once(this.#socket, 'data')
  }
}

describe('a proxy without faults', () => {
  test('passes on what comes, both ways, and counts it', async () => {
    await using here = await stage()
    here.client.write('hello')
    await here.heard.until('hello')
    expect(here.proxy.bytes).toEqual({ up: 5, down: 5 })
    expect(here.proxy.connections).toBe(1)
  })

  test('passes on that a side is done', async () => {
    await using here = await stage()
    here.client.end('bye')
    await here.heard.closed
    expect(here.heard.text).toBe('bye')
    await here.proxy.until(({ connections }) => connections === 0)
  })
})

describe('faults', () => {
  test('a cut ends every connection, and the next one works', async () => {
    await using here = await stage()
    here.client.write('hello')
    await here.heard.until('hello')
    here.proxy.cut()
    await here.heard.closed
    expect(here.proxy.connections).toBe(0)
    const again = connect(here.proxy.port, '127.0.0.1')
    const heard = new Heard(again)
    again.write('again')
    await heard.until('again')
    again.destroy()
  })

  test('refusing resets new connections too, until it is resumed', async () => {
    await using here = await stage()
    here.proxy.refuse()
    await here.heard.closed
    const refused = new Heard(connect(here.proxy.port, '127.0.0.1'))
    await refused.closed
    expect(here.proxy.connections).toBe(0)
    here.proxy.resume()
    const again = connect(here.proxy.port, '127.0.0.1')
    const heard = new Heard(again)
    again.write('again')
    await heard.until('again')
    again.destroy()
  })

  test('a stalled side gets nothing, and its writer back-pressure, until it is resumed', async () => {
    const floodBytes = 16 * 1024 * 1024
    await using here = await stage((socket) => void socket.end(Buffer.alloc(floodBytes, 'x')))
    here.proxy.stall('down')
    here.client.write('go')
    await here.proxy.until(({ bytes }) => bytes.up === 2)
    expect(here.proxy.bytes.down).toBeLessThan(floodBytes)
    here.proxy.resume()
    await here.heard.closed
    expect(here.heard.text).toHaveLength(floodBytes)
  })

  test('what is delayed comes later, in order, and before the end', async () => {
    await using here = await stage((socket) => void socket.resume())
    here.proxy.delay(30, 'up')
    const began = performance.now()
    here.client.write('one')
    here.client.end('two')
    await here.proxy.until(({ bytes }) => bytes.up === 6)
    expect(performance.now() - began).toBeGreaterThanOrEqual(25)
  })

  test('a server that moved is found when the proxy is told', async () => {
    await using first = await stage((socket) => void socket.end('first'))
    await using second = await stage((socket) => void socket.end('second'))
    await first.heard.until('first')
    first.proxy.retarget(second.proxy.through('http://localhost/'))
    const moved = new Heard(connect(first.proxy.port, '127.0.0.1'))
    await moved.closed
    expect(moved.text).toBe('second')
  })
})
