import { AccountId, DeviceId, MessageId } from '@parley/domain/ids'
import { sealedCauses } from '@parley/domain/sealed/causes'
import { describe, expect, test } from 'vitest'
import { hasChanged, newestAlarming } from '../../src/renderer/encryption/alarming.ts'
import { deviceWords } from '../../src/renderer/encryption/use-device-names.ts'
import { linesOfNotices, noticesBetween } from '../../src/renderer/encryption/notices-between.ts'
import { noticeWords } from '../../src/renderer/encryption/notice-words.ts'
import type { SealedNotice } from '../../src/renderer/live/queries.ts'
import { sealedWords } from '../../src/renderer/live/sealed-words.ts'
import { spoken } from '../../src/renderer/sidebar/spoken.ts'

const ada = AccountId.parse('aAAAAAAAAAAAAAAA')
const ben = AccountId.parse('aBBBBBBBBBBBBBBB')

const item = (id: number | null) => ({ id: id === null ? null : MessageId.parse(id) })
const device = (position: number): SealedNotice => ({
  kind: 'device-added',
  accountId: ada,
  position,
  at: position * 1_000,
})
const changed = (position: number): SealedNotice => ({
  kind: 'identity-changed',
  accountId: ben,
  position,
  at: position * 1_000,
})
const positions = (notices: readonly SealedNotice[]) => notices.map(({ position }) => position)

describe('what happened to the keys stands between the messages where it happened', () => {
  const items = [item(10), item(20), item(30)]
  const all = [device(5), device(12), device(15), device(35)]
  const placed = (ends: Parameters<typeof noticesBetween>[2], of = items) => {
    const { above, below } = noticesBetween(of, all, ends)
    return { above: above.map(positions), below: positions(below) }
  }

  test('in a conversation that is all there', () => {
    expect(placed({ begins: true, reachesNewest: true })).toEqual({
      above: [[5], [12, 15], []],
      below: [35],
    })
  })

  test('in a part of it, what lies outside is left to the other parts', () => {
    expect(placed({ begins: false, reachesNewest: false })).toEqual({ above: [[], [12, 15], []], below: [] })
  })

  test('messages that wait come after all that has happened', () => {
    const waiting = [...items, item(null), item(null)]
    expect(placed({ begins: true, reachesNewest: true }, waiting)).toEqual({
      above: [[5], [12, 15], [], [35], []],
      below: [],
    })
  })

  test('each is shown once, however the conversation is cut into windows', () => {
    const ends = [
      [items.slice(0, 1), { begins: true, reachesNewest: false }],
      [items, { begins: false, reachesNewest: true }],
    ] as const
    const shown = ends.flatMap(([part, at]) => {
      const { above, below } = noticesBetween(part, all, at)
      return [...above.flat(), ...below]
    })
    expect(positions(shown)).toEqual([5, 12, 15, 35])
  })

  test('rows without notices share one object, so that they are not drawn again', () => {
    const { above } = noticesBetween(items, all, { begins: false, reachesNewest: false })
    expect(above[0]).toBe(above[2])
  })
})

test('many devices at one place are one line, and what matters stays a line of its own', () => {
  const few = [device(1), device(2), changed(3)]
  expect(linesOfNotices(few).map(({ kind }) => kind)).toEqual(['one', 'one', 'one'])
  expect(linesOfNotices([changed(3), device(4), changed(5)]).length, 'new keys are said once').toBe(2)
  const many = [changed(1), ...[2, 3, 4, 5, 6].map(device)]
  expect(linesOfNotices(many)).toEqual([
    { kind: 'one', notice: changed(1) },
    { kind: 'devices', count: 5, at: 2_000, position: 2 },
  ])
})

test('what may be an attack asks to be seen until somebody has seen the newest of it', () => {
  const notices = [changed(3), device(4), changed(7), device(9)]
  expect(newestAlarming(notices, 0, ada)?.position).toBe(7)
  expect(newestAlarming(notices, 3, ada)?.position).toBe(7)
  expect(newestAlarming(notices, 7, ada)).toBeNull()
  expect(newestAlarming([device(4)], 0, ada)).toBeNull()
  expect(newestAlarming(notices, 0, ben), 'of oneself one knows').toBeNull()
})

test('only whose identity changed is said to have changed', () => {
  expect(hasChanged([device(4), changed(7)], ben)).toBe(true)
  expect(hasChanged([device(4), changed(7)], ada)).toBe(false)
})

test('for every cause there is what happened and what happens next, as sentences', () => {
  for (const cause of sealedCauses) {
    const { happened, next } = sealedWords[cause]
    expect(happened, cause).toMatch(/^[A-Z].*\.$/)
    expect(next, cause).toMatch(/^[A-Z].*\.$/)
  }
})

test('who hears the list of conversations hears which are encrypted, and which are with a bot', () => {
  const heard = (sealed: boolean, bot = false) =>
    spoken({
      view: {
        other: { bot },
        unread: 2,
        mentions: 0,
        problems: 0,
        draft: null,
        conversation: {
          ...{ kind: 'group', name: 'Garden', description: '', joinPolicy: 'closed', listed: false, sealed },
          ...{ founderId: ada, createdAt: 0, closedAt: null },
        },
      },
      online: false,
      typing: false,
    })
  expect(heard(true)).toBe('group, encrypted, 2 unread')
  expect(heard(false)).toBe('group, 2 unread')
  expect(heard(true, true)).toContain('bot, encrypted')
})

test('a line of the timeline says who did what', () => {
  const who = (id: string) => (id === ada ? 'You' : 'Ben')
  expect(noticeWords({ kind: 'sealed', by: ada, at: 0, position: 1 }, who)).toMatch(
    /^You turned encryption on/,
  )
  expect(noticeWords(changed(1), who)).toBe('Ben began again with new keys.')
  expect(noticeWords({ kind: 'history', policy: 'everything', by: ben, at: 0, position: 1 }, who)).toMatch(
    /^Ben opened all that was said/,
  )
})

test('a device goes by the name that it was given here, by what it said at its sign-in, or by its keys', () => {
  const id = DeviceId.parse('dABCDEFGHIJKLMNO')
  const own = { id, kind: 'person', addedAt: -600_000, revoked: false, current: false } as const
  const session = { deviceId: id, deviceName: 'Parley on Linux', lastUsedAt: 60_000, online: false }
  expect(deviceWords({ [id]: 'Attic' }, [session]).nameOf(own)).toBe('Attic')
  expect(deviceWords({}, [session]).nameOf(own)).toBe('Parley on Linux')
  expect(deviceWords({}, undefined).nameOf(own)).toBe('Device ABCD')
  expect(deviceWords({}, [session]).seen(own, 240_000)).toBe('last seen 3 minutes ago')
  expect(deviceWords({}, [{ ...session, online: true }]).seen(own, 0)).toBe('connected now')
  expect(deviceWords({}, []).seen(own, 0)).toBe('not signed in')
  expect(deviceWords({}, undefined).seen(own, 0)).toBeNull()
})
