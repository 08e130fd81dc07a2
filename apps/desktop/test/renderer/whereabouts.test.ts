import { expect, test } from 'vitest'
import { parseLink } from '../../src/main/link.ts'
import { whoseCommand } from '../../src/renderer/live/command-target.ts'
import { linkTo } from '../../src/renderer/live/link-to.ts'
import { layoutFrom, sidebarWidthMax } from '../../src/renderer/shell/layout.ts'
import { placeOf, whereaboutsFrom } from '../../src/renderer/shell/whereabouts.ts'
import { tomorrowMorning } from '../../src/renderer/sidebar/tomorrow-morning.ts'

const home = { place: { kind: 'home' }, pane: null }
const conversation = 'cAAAAAAAAAAAAAAA'

test('the window opens where it was left', () => {
  expect(
    whereaboutsFrom({ place: { kind: 'conversation', id: conversation }, pane: { kind: 'members' } }),
  ).toEqual({
    place: { kind: 'conversation', id: conversation },
    pane: { kind: 'members' },
  })
  expect(whereaboutsFrom({ place: { kind: 'settings', section: 'storage' }, pane: null }).place).toEqual({
    kind: 'settings',
    section: 'storage',
  })
})

test('what was kept by another version, or is damaged, opens at home', () => {
  const kept = [
    null,
    'home',
    [],
    {},
    { place: { kind: 'conversation', id: 7 } },
    { place: { kind: 'conversation', id: '../x' } },
    { place: { kind: 'settings', section: 'gone' } },
    { place: { kind: 'unheard-of' } },
  ]
  for (const each of kept) expect(whereaboutsFrom(each)).toEqual(home)
})

test('somebody’s details and a search are not come back to', () => {
  const place = { kind: 'conversation', id: conversation }
  expect(whereaboutsFrom({ place, pane: { kind: 'search' } }).pane).toBeNull()
  expect(whereaboutsFrom({ place, pane: { kind: 'person', id: 'a1' } }).pane).toBeNull()
})

test('the sidebar’s width stays within what can be read, whatever was kept', () => {
  expect(layoutFrom({ sidebarWidth: 9_000 }).sidebarWidth).toBe(sidebarWidthMax)
  expect(layoutFrom({ sidebarWidth: 'wide' }).sidebarWidth).toBe(layoutFrom(null).sidebarWidth)
  expect([...layoutFrom({ folded: ['groups', 'gone'] }).folded]).toEqual(['groups'])
})

test('a link that is copied is read back as it was meant', () => {
  const place = placeOf(conversation, 12)
  if (!place) throw new Error('It names nothing')
  expect(parseLink(linkTo('https://chat.example.org/', place.id, place.messageId))).toEqual({
    kind: 'open-message',
    server: 'https://chat.example.org',
    conversationId: conversation,
    messageId: 12,
  })
})

test('a notification opens its own account, and a link that of its server', () => {
  const open = { key: 'one', url: 'https://a.example.org' }
  const accounts = [open, { key: 'two', url: 'https://b.example.org/' }]
  const pressed = (account: string) =>
    whoseCommand(
      { kind: 'open-notification', account, conversationId: conversation, messageId: 1 },
      open,
      accounts,
    )
  expect(pressed('one')).toEqual({ kind: 'open' })
  expect(pressed('two')).toEqual({ kind: 'other', key: 'two' })
  expect(pressed('gone')).toEqual({ kind: 'none' })

  const followed = (query: string) => {
    const link = parseLink(`parley://open?conversation=${conversation}${query}`)
    if (link?.kind !== 'open-message') throw new Error('It is no link')
    return whoseCommand(link, open, accounts)
  }
  expect(followed('')).toEqual({ kind: 'open' })
  expect(followed('&server=https://a.example.org')).toEqual({ kind: 'open' })
  expect(followed('&server=https://b.example.org')).toEqual({ kind: 'other', key: 'two' })
  expect(followed('&server=https://c.example.org')).toEqual({ kind: 'none' })
})

test('quiet lasts until the next morning, and at night until that of the same day', () => {
  expect(tomorrowMorning(new Date(2026, 4, 31, 22))).toBe(new Date(2026, 5, 1, 8).getTime())
  expect(tomorrowMorning(new Date(2026, 4, 31, 2))).toBe(new Date(2026, 4, 31, 8).getTime())
})
