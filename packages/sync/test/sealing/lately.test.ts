import { expect, test } from 'vitest'
import { Lately } from '../../src/sealing/lately.ts'

const numbers = (length: number) => Array.from({ length }, (_, at) => at)

test('the newer half of what it holds at most is there for certain, and never more than all', () => {
  const lately = new Lately<number, string>(10)
  for (const number of numbers(1_000)) {
    lately.put(number, `${number}`)
    const held = numbers(number + 1).filter((each) => lately.get(each) !== undefined)
    expect(held.length).toBeLessThanOrEqual(10)
    for (const each of numbers(Math.min(5, number + 1)))
      expect(lately.get(number - each)).toBe(`${number - each}`)
  }
})

test('what is put again is new again, and what was forgotten is gone', () => {
  const lately = new Lately<number, string>(4)
  lately.put(1, 'first')
  for (const number of numbers(20).slice(2)) {
    lately.put(number, '')
    lately.put(1, `${number}`)
    expect(lately.get(1)).toBe(`${number}`)
  }
  lately.clear()
  expect(lately.get(1)).toBeUndefined()
})
