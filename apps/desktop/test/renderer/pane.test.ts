import { AccountId } from '@parley/domain/ids'
import { describe, expect, test } from 'vitest'
import { botsReadingWords } from '../../src/renderer/encryption/bots-reading.tsx'
import { botsAmong, memberRows, type MemberView } from '../../src/renderer/pane/member-rows.ts'
import { rightsIn, rightsOver } from '../../src/renderer/pane/rights.ts'

const me = AccountId.parse('a000000000000001')
const other = AccountId.parse('a000000000000002')

const group = (
  role: 'founder' | 'admin' | 'member',
  rest: { readonly memberCount?: number; readonly closedAt?: number } = {},
) => ({
  role,
  memberCount: rest.memberCount ?? 3,
  conversation: { kind: 'group', closedAt: rest.closedAt ?? null } as const,
})

describe('what one may do in a conversation', () => {
  test('a member may leave, and nothing else', () => {
    expect(rightsIn(group('member'))).toEqual({
      rename: false,
      setJoinPolicy: false,
      addMembers: false,
      setRoles: false,
      handOver: false,
      close: false,
      turnSealed: false,
      leave: 'yes',
    })
  })

  test('an admin changes the group and adds people, but no roles', () => {
    const rights = rightsIn(group('admin'))
    expect([rights.rename, rights.addMembers, rights.setRoles, rights.close]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  test('the founder hands over before leaving, unless nobody else is there or it is closed', () => {
    expect(rightsIn(group('founder')).leave).toBe('hand-over-first')
    expect(rightsIn(group('founder', { memberCount: 1 })).leave).toBe('yes')
    expect(rightsIn(group('founder', { memberCount: 1 })).handOver).toBe(false)
    expect(rightsIn(group('founder', { closedAt: 1 })).leave).toBe('yes')
  })

  test('nothing changes in a closed group', () => {
    const rights = rightsIn(group('founder', { closedAt: 1 }))
    expect([rights.rename, rights.addMembers, rights.setRoles, rights.handOver, rights.close]).toEqual([
      false,
      false,
      false,
      false,
      false,
    ])
    expect(
      rightsOver(group('founder', { closedAt: 1 }), { accountId: other, role: 'member' }, me).remove,
    ).toBe(false)
  })

  test('there is no way out of a direct conversation', () => {
    const direct = {
      role: 'member',
      memberCount: 2,
      conversation: { kind: 'direct', closedAt: null },
    } as const
    expect(rightsIn(direct).leave).toBe('no')
    expect(rightsOver(direct, { accountId: other, role: 'member' }, me).remove).toBe(false)
  })

  test('admins remove members, and neither each other nor the founder', () => {
    const removes = (role: MemberView['role']) =>
      rightsOver(group('admin'), { accountId: other, role }, me).remove
    expect([removes('member'), removes('admin'), removes('founder')]).toEqual([true, false, false])
  })

  test('the founder changes roles of others, never the own', () => {
    expect(rightsOver(group('founder'), { accountId: other, role: 'member' }, me)).toEqual({
      remove: true,
      makeAdmin: true,
      makeMember: false,
      handOver: true,
    })
    expect(rightsOver(group('founder'), { accountId: me, role: 'founder' }, me)).toEqual({
      remove: false,
      makeAdmin: false,
      makeMember: false,
      handOver: false,
    })
  })
})

describe('the list of members', () => {
  const member = (number: number, role: MemberView['role'], online: boolean): MemberView => {
    const accountId = AccountId.parse(`a${String(number).padStart(15, '0')}`)
    const displayName = `Person ${String(number)}`
    return {
      accountId,
      role,
      joinedAt: 1,
      pending: [],
      person: {
        id: accountId,
        username: `p${String(number)}`,
        displayName,
        name: '',
        lastName: '',
        bot: false,
        disabled: false,
        online,
        lastSeenAt: null,
      },
    }
  }
  const members = [member(1, 'member', false), member(2, 'member', true), member(3, 'founder', false)]
  const labels = (words: string, of = members) =>
    memberRows(of, words).map((row) => (row.heading === true ? row.label : row.person.displayName))

  test('is by role and then by who is online, without headings for nobody', () => {
    expect(labels('')).toEqual(['Founder', 'Person 3', 'Members · 2', 'Person 2', 'Person 1'])
  })

  test('a search leaves those who are meant, under their headings', () => {
    expect(labels('p1')).toEqual(['Members · 1', 'Person 1'])
    expect(labels('nobody')).toEqual([])
  })

  test('somebody whose name has not come yet is there all the same', () => {
    expect(labels('', [{ ...member(4, 'admin', false), person: null }])).toEqual([
      'Admins · 1',
      'Somebody new',
    ])
  })

  test('those that are bots are named, where the conversation is encrypted with what they do', () => {
    const [one, two] = [member(7, 'member', false), member(8, 'member', true)]
    const asBot = ({ person, ...rest }: MemberView): MemberView => ({
      ...rest,
      person: person && { ...person, bot: true },
    })
    expect(botsAmong([one, two])).toEqual([])
    expect(botsAmong([{ ...one, person: null }, asBot(two)])).toEqual(['Person 8'])
    expect(botsReadingWords(['Tally'])).toMatch(/^Tally is a bot: a program reads along here/)
    expect(botsReadingWords(['Tally', 'Echo'])).toMatch(/^Tally and Echo are bots: programs read along here/)
  })
})
