import { createHash, randomInt } from 'node:crypto'

const seedVariable = 'TEST_SEED'
const seedBelow = 2 ** 32

/** Randomness that can be had again: the same seed gives the same draws. */
export class Randomness {
  readonly seed: number
  #state: number

  constructor(seed: number) {
    this.seed = seed >>> 0
    this.#state = this.seed
  }

  /** From 0 up to 1. (mulberry32) */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `from` to `to`, both among them. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(0, items.length - 1)]
    if (item === undefined) throw new RangeError('There is nothing to pick from')
    return item
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  shuffled<T>(items: readonly T[]): T[] {
    return items
      .map((item) => ({ item, place: this.next() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ item }) => item)
  }

  /** Randomness of its own for a part, so that what one part draws does not shift what another does. */
  fork(name: string): Randomness {
    return new Randomness(createHash('sha256').update(`${this.seed} ${name}`).digest().readUInt32LE())
  }
}

/**
 * Runs a test with randomness, from the seed in TEST_SEED if there is one, else from a new one. When the test fails,
 * its error says which seed to set to see it again.
 */
export async function withRandomness<T>(use: (random: Randomness) => Promise<T>): Promise<T> {
  const given = process.env[seedVariable]
  const random = new Randomness(given === undefined ? randomInt(seedBelow) : Number(given))
  try {
    return await use(random)
  } catch (error) {
    console.error(`It failed with ${seedVariable}=${random.seed}`)
    throw error
  }
}
