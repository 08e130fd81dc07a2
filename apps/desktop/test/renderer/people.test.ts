import { AccountId } from '@parley/domain/ids'
import { describe, expect, test } from 'vitest'
import type { Person } from '../../src/renderer/live/queries.ts'
import { findPeople, type PeopleOrder } from '../../src/renderer/people/find-people.ts'
import { agoWords, presenceWords } from '../../src/renderer/people/presence-words.ts'
import { talkStanding } from '../../src/renderer/people/talk-standing.ts'

let made = 0

const someone = (displayName: string, rest: Partial<Person> = {}): Person => ({
  id: AccountId.parse(`a${String((made += 1)).padStart(15, '0')}`),
  username: `user-${String(made)}`,
  displayName,
  name: '',
  lastName: '',
  bot: false,
  disabled: false,
  online: false,
  lastSeenAt: null,
  ...rest,
})

const found = (people: readonly Person[], words: string, order: PeopleOrder = 'name') =>
  findPeople(people, words, order).map(({ displayName }) => displayName)

describe('finding people', () => {
  const people = [
    someone('Zoë Müller', { username: 'zoe.m', online: true }),
    someone('Ada Lovelace', { username: 'ada', lastName: 'King' }),
    someone('Bert Gone', { disabled: true, online: true }),
    someone('ångström', { online: true }),
  ]

  test('all are there without words, by name, and disabled accounts come last', () => {
    expect(found(people, '')).toEqual(['Ada Lovelace', 'ångström', 'Zoë Müller', 'Bert Gone'])
  })

  test('whoever is online comes first where that is asked for, but no disabled account', () => {
    expect(found(people, '', 'online')).toEqual(['ångström', 'Zoë Müller', 'Ada Lovelace', 'Bert Gone'])
  })

  test('every word has to begin a name, in any order', () => {
    expect(found(people, 'love ad')).toEqual(['Ada Lovelace'])
    expect(found(people, 'ovel')).toEqual([])
    expect(found(people, 'ada nobody')).toEqual([])
  })

  test('last names and usernames are names too, with or without the sign', () => {
    expect(found(people, 'king')).toEqual(['Ada Lovelace'])
    expect(found(people, '@zoe.m')).toEqual(['Zoë Müller'])
  })

  test('accents and case tell nobody apart', () => {
    expect(found(people, 'ZOE mull')).toEqual(['Zoë Müller'])
    expect(found(people, 'Angstrom')).toEqual(['ångström'])
  })
})

describe('saying when somebody was there', () => {
  const now = new Date(2026, 10, 20, 10, 0).getTime()
  const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime()

  test('is as rough as one would say it', () => {
    expect(agoWords(now - 20_000, now)).toBe('just now')
    expect(agoWords(now - 60_000, now)).toBe('1 minute ago')
    expect(agoWords(at(20, 7), now)).toBe('3 hours ago')
    expect(agoWords(at(17, 23), now)).toBe('3 days ago')
    expect(agoWords(at(2, 9), now)).toMatch(/^on .*November$|^on November 2$/)
    expect(agoWords(new Date(2024, 10, 2).getTime(), now)).toContain('2024')
  })

  test('goes by the calendar: late yesterday was yesterday', () => {
    expect(agoWords(at(19, 23, 30), now)).toBe('yesterday')
  })

  test('a clock that runs ahead was just now', () => {
    expect(agoWords(now + 5_000, now)).toBe('just now')
  })

  test('a disabled account is neither there nor away', () => {
    expect(presenceWords(someone('B', { disabled: true, online: true }), now)).toBe('Account disabled')
    expect(presenceWords(someone('B', { online: true }), now)).toBe('Online')
    expect(presenceWords(someone('B', { lastSeenAt: at(19, 8) }), now)).toBe('Last seen yesterday')
    expect(presenceWords(someone('B'), now)).toBe('Not seen yet')
  })
})

describe('how far one is with talking to somebody', () => {
  const me = AccountId.parse('a00000000000000m')
  const other = AccountId.parse('a00000000000000o')
  const none = { conversations: [], requests: { invitations: [], pending: [] } }
  const invitation = (fromId: AccountId, toId: AccountId, state: 'waiting' | 'declined') => ({
    fromId,
    toId,
    state,
    sentAt: 1,
    decidedAt: null,
    conversationId: null,
  })
  const standing = (invitations: ReturnType<typeof invitation>[]) =>
    talkStanding(other, { ...none, requests: { invitations, pending: [] } })

  test('a conversation ends all asking', () => {
    expect(talkStanding(other, { ...none, conversations: [{ otherId: other }] })).toBe('open')
  })

  test('an invitation counts while it waits, in its direction', () => {
    expect(standing([])).toBe('none')
    expect(standing([invitation(me, other, 'waiting')])).toBe('invited')
    expect(standing([invitation(other, me, 'waiting')])).toBe('invites-me')
    expect(standing([invitation(me, other, 'declined')])).toBe('none')
  })
})
