import type { Socket } from 'node:net'

/** How many connections each peer has open; one with too many gets no further ones. */
export class Peers {
  readonly #counts = new Map<string, number>()
  readonly #max: number
  readonly #isExempt: (address: string) => boolean

  /** @param isExempt for proxies, through which many people come. */
  constructor(max: number, isExempt: (address: string) => boolean) {
    this.#max = max
    this.#isExempt = isExempt
  }

  /** @returns false when the peer has as many as it may, and the connection is closed. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress
    if (address === undefined || this.#isExempt(address)) return true
    const count = this.#counts.get(address) ?? 0
    if (count >= this.#max) {
      socket.destroy()
      return false
    }
    this.#counts.set(address, count + 1)
    socket.once('close', () => this.#left(address))
    return true
  }

  #left(address: string): void {
    const count = this.#counts.get(address) ?? 0
    if (count > 1) this.#counts.set(address, count - 1)
    else this.#counts.delete(address)
  }
}
