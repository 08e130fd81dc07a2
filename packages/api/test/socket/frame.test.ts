import { expect, test } from 'vitest'
import { pingFrame, textFrame } from '../../src/socket/frame.ts'

test('a text frame has the shortest head that its length allows', () => {
  const heads: [number, number[]][] = [
    [0, [0x81, 0]],
    [125, [0x81, 125]],
    [126, [0x81, 126, 0, 126]],
    [65_535, [0x81, 126, 255, 255]],
    [65_536, [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]],
  ]
  for (const [length, head] of heads) {
    const frame = textFrame('x'.repeat(length))
    expect([...frame.subarray(0, head.length)]).toEqual(head)
    expect(frame.toString('latin1', head.length)).toBe('x'.repeat(length))
  }
})

test('lengths count bytes, not characters', () => {
  expect(textFrame('é'.repeat(63)).subarray(0, 4)).toEqual(Buffer.from([0x81, 126, 0, 126]))
})

test('a ping is a final frame without a payload', () => {
  expect(pingFrame).toEqual(Buffer.from([0x89, 0]))
})
