import * as limits from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

const rates = {
  'sign-in-account': limits.signInsPerAccount,
  'sign-in-address': limits.signInsPerAddress,
  'sign-up-address': limits.signUpsPerAddress,
  'join-password': limits.joinPasswordTriesPerAccount,
  send: limits.sendsPerAccount,
  call: limits.callsPerAccount,
  'call-address': limits.callsPerAddress,
  search: limits.searchesPerAccount,
  typing: limits.typingPerAccount,
} as const satisfies Record<string, { points: number; windowSeconds: number }>

export type RateName = keyof typeof rates

/** How often one may: counted in memory, by account or by address. */
export class Rates {
  readonly #limiters: Record<RateName, RateLimiterMemory>

  /** @param factor what every limit is multiplied with: the operator's way to loosen them all. */
  constructor(factor: number) {
    const limiter = (name: RateName) =>
      new RateLimiterMemory({
        points: Math.ceil(rates[name].points * factor),
        duration: rates[name].windowSeconds,
      })
    this.#limiters = {
      'sign-in-account': limiter('sign-in-account'),
      'sign-in-address': limiter('sign-in-address'),
      'sign-up-address': limiter('sign-up-address'),
      'join-password': limiter('join-password'),
      send: limiter('send'),
      call: limiter('call'),
      'call-address': limiter('call-address'),
      search: limiter('search'),
      typing: limiter('typing'),
    }
  }

  /** @throws Refusal `rate-limited`, with the time after which it works again. */
  async take(name: RateName, key: string): Promise<void> {
    try {
      await this.#limiters[name].consume(key)
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason
      throw new Refusal(
        'rate-limited',
        `Too often: try again in ${Math.ceil(reason.msBeforeNext / 1000)} s.`,
        {
          retryAfterMs: reason.msBeforeNext,
        },
      )
    }
  }

  /** What succeeded does not count against the next. */
  async forget(name: RateName, key: string): Promise<void> {
    await this.#limiters[name].delete(key)
  }
}
