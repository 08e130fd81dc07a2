import { describe, expect, test } from 'vitest'
import { wentUp } from '../../src/renderer/conversation/timeline/end.ts'

const end = { scrollTop: 1_000, scrollHeight: 1_600, clientHeight: 600 }

describe('whether the reader went up from the end', () => {
  test('no bar that takes room, no row that grows and no list that gets shorter above counts as that', () => {
    expect(wentUp(end, { ...end, clientHeight: 480 }, false)).toBe(false)
    expect(wentUp(end, { ...end, clientHeight: 480 }, true)).toBe(false)
    expect(wentUp(end, { ...end, scrollHeight: 1_900 }, true)).toBe(false)
    expect(wentUp(end, { scrollTop: 900, scrollHeight: 1_500, clientHeight: 480 }, false)).toBe(false)
  })

  test('a list that is as high as before and stands higher up does, and so does one that was moved by hand', () => {
    expect(wentUp(end, { ...end, scrollTop: 900 }, false)).toBe(true)
    expect(wentUp(end, { scrollTop: 900, scrollHeight: 1_700, clientHeight: 600 }, true)).toBe(true)
  })
})
