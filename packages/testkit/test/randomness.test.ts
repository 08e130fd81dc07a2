import { expect, test, vi } from 'vitest'
import { Randomness, withRandomness } from '../src/randomness.ts'

const draws = (random: Randomness) => Array.from({ length: 20 }, () => random.int(1, 6))

test('the same seed gives the same draws, another gives others', () => {
  expect(draws(new Randomness(7))).toEqual(draws(new Randomness(7)))
  expect(draws(new Randomness(7))).not.toEqual(draws(new Randomness(8)))
})

test('every number of a range comes, its ends too, and none beside it', () => {
  const random = new Randomness(1)
  const seen = new Set(Array.from({ length: 1_000 }, () => random.int(1, 6)))
  expect(seen).toEqual(new Set([1, 2, 3, 4, 5, 6]))
})

test('shuffling keeps every item', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8]
  const shuffled = new Randomness(3).shuffled(items)
  expect(shuffled).not.toEqual(items)
  expect(shuffled.toSorted((one, other) => one - other)).toEqual(items)
})

test('what a part draws does not shift what another one does', () => {
  const one = new Randomness(7)
  const other = new Randomness(7)
  draws(one.fork('first'))
  expect(draws(one.fork('second'))).toEqual(draws(other.fork('second')))
  expect(draws(one.fork('first'))).not.toEqual(draws(one.fork('second')))
})

test('a failure says which seed to set', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  let seed = 0
  const failing = withRandomness(async (random) => {
    ;({ seed } = random)
    throw new Error('wrong')
  })
  await expect(failing).rejects.toThrow('wrong')
  expect(said).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(`TEST_SEED=${seed}`))
  said.mockRestore()
})
