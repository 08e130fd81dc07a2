import { answerId } from '@parley/bot/answer-id'
import { expect, test } from 'vitest'

test('P2: the name of an answer is the same for ever, another for each answer and message, and a UUIDv7 of the message’s time', () => {
  const at = Date.UTC(2026, 0, 1)
  const id = answerId('a-b c', '1', at)
  // Written down, as a later version that made another would answer everything of before once more.
  expect(id).toBe('019b76da-a800-7a25-93c4-20b212d0f06b')
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(at)
  const others = [answerId('a-b c', '2', at), answerId('a-b d', '1', at)]
  expect(new Set([id, ...others]).size).toBe(3)
})
