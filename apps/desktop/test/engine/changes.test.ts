import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { changesEveryMs, changesOf } from '../../src/engine/changes.ts'
import type { HostTopic } from '../../src/engine/host.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A host whose changes a test makes, and what a window has been told of them. */
async function listening() {
  const listeners = new Set<(topics: ReadonlySet<HostTopic>) => void>()
  const host = {
    onChange(listener: (topics: ReadonlySet<HostTopic>) => void) {
      listeners.add(listener)
      return { [Symbol.dispose]: () => void listeners.delete(listener) }
    },
  }
  const ending = new AbortController()
  const told: (readonly HostTopic[])[] = []
  const reading = (async () => {
    for await (const topics of changesOf(host, ending.signal)) told.push(topics)
  })()
  await vi.advanceTimersByTimeAsync(0)
  return {
    told,
    listeners,
    change: async (...topics: HostTopic[]) => {
      for (const listener of listeners) listener(new Set(topics))
      await vi.advanceTimersByTimeAsync(0)
    },
    end: async () => {
      ending.abort()
      await reading
    },
  }
}

test('The first change is told at once', async () => {
  const { told, change, end } = await listening()
  await change('conversations')
  expect(told).toEqual([[], ['conversations']])
  await end()
})

test('While much comes from others, all of it is told together now and then', async () => {
  const { told, change, end } = await listening()
  await change('conversations', 'conversation:c1')
  await change('conversations', 'conversation:c2')
  await change('people', 'conversation:c1')
  expect(told).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(changesEveryMs - 1)
  expect(told).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(told.slice(2)).toEqual([['conversations', 'conversation:c2', 'people', 'conversation:c1']])
  await vi.advanceTimersByTimeAsync(10 * changesEveryMs)
  expect(told).toHaveLength(3)
  await end()
})

test('What the person does is told at once, with all that waits', async () => {
  const { told, change, end } = await listening()
  await change('conversations')
  await change('conversation:c1')
  await change('outbox', 'conversation:c2')
  expect(told.slice(2)).toEqual([['conversation:c1', 'outbox', 'conversation:c2']])
  await end()
})

test('Whoever stops listening while a change waits is told nothing more, and forgotten', async () => {
  const { told, change, end, listeners } = await listening()
  await change('conversations')
  await change('conversation:c1')
  await end()
  expect(told).toHaveLength(2)
  expect(listeners.size).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})
