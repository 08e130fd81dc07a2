import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { Addresses } from '../../src/http/addresses.ts'

/** What a real request from this machine counts as. */
async function addressOf(
  trusted: readonly string[],
  forwarded: string | readonly string[] = [],
): Promise<string> {
  const addresses = new Addresses(trusted)
  const server = createServer((asked, response) => response.end(addresses.of(asked)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const sent = request({
    port: address.port,
    host: '127.0.0.1',
    headers: { 'x-forwarded-for': [...[forwarded].flat()] },
  }).end()
  const response = await new Promise<IncomingMessage>((resolve) => sent.once('response', resolve))
  const chunks: Buffer[] = []
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  server.close()
  return Buffer.concat(chunks).toString()
}

describe('the address that limits count by', () => {
  test('is the peer, and what it says of others means nothing', async () => {
    expect(await addressOf([], '203.0.113.7')).toBe('127.0.0.1')
    expect(await addressOf(['10.0.0.1'], '203.0.113.7')).toBe('127.0.0.1')
  })

  test('is what a trusted proxy says', async () => {
    expect(await addressOf(['127.0.0.1'], '203.0.113.7')).toBe('203.0.113.7')
    expect(await addressOf(['127.0.0.0/8'], '203.0.113.7')).toBe('203.0.113.7')
  })

  test('is the last of a chain that is no trusted proxy: what stands before, anybody could have written', async () => {
    expect(await addressOf(['127.0.0.1'], '198.51.100.1, 203.0.113.7')).toBe('203.0.113.7')
    expect(await addressOf(['127.0.0.1', '10.0.0.0/8'], '198.51.100.1, 203.0.113.7, 10.1.2.3')).toBe(
      '203.0.113.7',
    )
    expect(await addressOf(['127.0.0.1'], ['198.51.100.1', '203.0.113.7'])).toBe('203.0.113.7')
  })

  test('is the proxy where it says nothing that is an address', async () => {
    expect(await addressOf(['127.0.0.1'])).toBe('127.0.0.1')
    expect(await addressOf(['127.0.0.1'], 'unknown')).toBe('127.0.0.1')
    expect(await addressOf(['127.0.0.1'], '203.0.113.7, <script>')).toBe('127.0.0.1')
  })

  test('is the /64 of an IPv6 address, all of which one customer holds', async () => {
    expect(await addressOf(['127.0.0.1'], '2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(await addressOf(['127.0.0.1'], '2001:0db8::5')).toBe('2001:db8:0:0::/64')
    expect(await addressOf(['127.0.0.1'], '::1')).toBe('0:0:0:0::/64')
  })

  test('of IPv4 in IPv6 is that of IPv4', async () => {
    expect(await addressOf(['127.0.0.1'], '::ffff:203.0.113.7')).toBe('203.0.113.7')
  })
})
