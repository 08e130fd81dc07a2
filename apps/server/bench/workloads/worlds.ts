import type { World } from '../world.ts'

export const range = (count: number, from = 0): number[] =>
  Array.from({ length: count }, (_, index) => from + index)

/** One room that everybody is in. */
export const oneRoom = (people: number, messages = 0): World => ({
  accounts: people,
  rooms: [{ members: range(people), messages }],
  text: 'filler',
})
