import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Where requests come from, as limits count it. */
export class Addresses {
  readonly #trusted: BlockList

  /** @param trustedProxies addresses and blocks, as in the setting. */
  constructor(trustedProxies: readonly string[]) {
    this.#trusted = blockList(trustedProxies)
  }

  isTrustedProxy(address: string): boolean {
    return holds(this.#trusted, plainAddress(address))
  }

  /**
   * What limits count a request by. A proxy's word is taken only from the proxies that the operator trusts, and of
   * the chain that they pass on the last address that is not one of theirs counts: whatever stands before it, anybody
   * could have written.
   */
  of(request: IncomingMessage): string {
    const peer = plainAddress(request.socket.remoteAddress ?? '')
    if (!this.isTrustedProxy(peer)) return counted(peer)
    const chain = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',')
    for (const link of chain.toReversed()) {
      const address = plainAddress(link.trim())
      if (isIP(address) === 0) break
      if (!this.isTrustedProxy(address)) return counted(address)
    }
    return counted(peer)
  }
}

export function isLoopback(request: IncomingMessage): boolean {
  return holds(loopback, plainAddress(request.socket.remoteAddress ?? ''))
}

const loopback = blockList(['127.0.0.0/8', '::1'])

function blockList(blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [address = '', bits] = block.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

const holds = (list: BlockList, address: string) =>
  isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')

/** A socket that listens at IPv6 calls IPv4 peers `::ffff:192.0.2.1`. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')

/** One customer of an IPv6 network holds a whole /64: its addresses count as one. */
function counted(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail = ''] = address.split('%')[0]?.split('::') ?? []
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = address.includes('::')
    ? Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
    : []
  const groups = [...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
  return `${groups.join(':')}::/64`
}
