import { expect, test } from 'vitest'
import type { Notice } from '../../src/main/desk/notices.ts'
import {
  type NotificationContent,
  Notifications,
  noticesShownMax,
} from '../../src/main/system/notifications.ts'

/** A system on whose screen one can look. */
class Screen {
  readonly shown = new Map<NotificationContent, Map<string, () => void>>()
  readonly opened: Notice[] = []
  hides = false
  readonly notifications = new Notifications({
    hidesContent: () => this.hides,
    onOpen: (notice) => this.opened.push(notice),
    make: (content) => {
      const listeners = new Map<string, () => void>()
      return {
        on: (event, listener) => listeners.set(event, listener),
        show: () => this.shown.set(content, listeners),
        close: () => this.shown.delete(content),
      }
    },
  })

  get bodies(): string[] {
    return [...this.shown.keys()].map(({ body }) => body)
  }

  press(body: string): void {
    for (const [content, listeners] of this.shown) if (content.body === body) listeners.get('click')?.()
  }
}

const notice = (conversationId: string, messageId: number, account = 'mine'): Notice => ({
  account,
  conversationId,
  messageId,
  title: 'Ann',
  body: `${conversationId}:${messageId}`,
  silent: false,
})

test('a conversation has one notification: a later message takes the place of the one before', () => {
  const screen = new Screen()
  screen.notifications.show(notice('c1', 1))
  screen.notifications.show(notice('c2', 2))
  screen.notifications.show(notice('c1', 3))
  expect(screen.bodies).toEqual(['c2:2', 'c1:3'])
})

test('pressed, it opens the very message, and is gone', () => {
  const screen = new Screen()
  screen.notifications.show(notice('c1', 1))
  screen.notifications.show(notice('c2', 2))
  screen.press('c1:1')
  expect(screen.opened).toEqual([notice('c1', 1)])
  expect(screen.bodies).toEqual(['c2:2'])
})

test('read elsewhere, it is withdrawn: of one conversation, or of all of an account', () => {
  const screen = new Screen()
  for (const id of ['c1', 'c2', 'c3']) screen.notifications.show(notice(id, 1))
  screen.notifications.show(notice('c1', 9, 'other'))
  screen.notifications.withdraw({ account: 'mine', conversationId: 'c2' })
  expect(screen.bodies).toEqual(['c1:1', 'c3:1', 'c1:9'])
  screen.notifications.withdraw({ account: 'mine' })
  expect(screen.bodies).toEqual(['c1:9'])
})

test('where content is hidden, it says neither who nor what', () => {
  const screen = new Screen()
  screen.hides = true
  screen.notifications.show(notice('c1', 1))
  expect([...screen.shown.keys()]).toEqual([{ title: 'Parley', body: 'New message', silent: false }])
})

test('P5: of many, the oldest are withdrawn', () => {
  const screen = new Screen()
  for (let id = 0; id < noticesShownMax + 5; id += 1) screen.notifications.show(notice(`c${id}`, 1))
  expect(screen.shown.size).toBe(noticesShownMax)
  expect(screen.bodies[0]).toBe('c5:1')
})
