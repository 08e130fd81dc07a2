import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Heard, Port } from '../../src/ports/port.ts'
import { WhenQuiet, quietMs } from '../../src/engine/when-quiet.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

function askedPort() {
  let heard: Heard | null = null
  const port: Port = {
    post() {},
    listen(given) {
      heard = given
    },
    close() {},
  }
  return { port, ask: (message: unknown) => heard?.message(message) }
}

test('What can wait is done once, when nothing was asked for a while', () => {
  const whenQuiet = new WhenQuiet()
  const { port, ask } = askedPort()
  const heard: unknown[] = []
  whenQuiet.over(port).listen({ message: (message) => heard.push(message), closed() {} })
  let done = 0
  whenQuiet.do(() => {
    done += 1
  })
  vi.advanceTimersByTime(quietMs - 1)
  ask('first')
  vi.advanceTimersByTime(quietMs - 1)
  ask('second')
  expect(done).toBe(0)
  vi.advanceTimersByTime(quietMs)
  expect(done).toBe(1)
  ask('third')
  vi.advanceTimersByTime(10 * quietMs)
  expect(done).toBe(1)
  expect(heard).toEqual(['first', 'second', 'third'])
})
