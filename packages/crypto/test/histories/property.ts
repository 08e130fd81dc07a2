import fc from 'fast-check'
import { deeds, type Step } from './deeds.ts'
import { play } from './history.ts'

const step: fc.Arbitrary<Step> = fc.record({
  who: fc.nat({ max: 59 }),
  deed: fc.constantFrom(...deeds),
  whom: fc.nat({ max: 59 }),
})

export const anyHistory = [
  fc.integer({ min: 2, max: 5 }),
  fc.constantFrom('joining' as const, 'everything' as const),
  fc.array(step, { minLength: 5, maxLength: 40, size: 'max' }),
] as const

export const tally = { histories: 0, epochs: 0, opened: 0, withheld: 0, lost: 0, haunted: 0 }

export async function holds(
  accounts: number,
  policy: 'joining' | 'everything',
  steps: readonly Step[],
): Promise<void> {
  const history = await play(accounts, policy, steps)
  tally.histories += 1
  tally.epochs += history.newest + 1
  tally.opened += history.tally.opened
  tally.withheld += history.tally.withheld
  tally.lost += history.tally.lost
  tally.haunted += history.tally.haunted
}
