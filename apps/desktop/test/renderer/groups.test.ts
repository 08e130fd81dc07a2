import { AccountId, ClientMessageId, ConversationId } from '@parley/domain/ids'
import { describe, expect, test } from 'vitest'
import {
  changesTo,
  formOf,
  type GroupForm,
  isListed,
  newGroup,
  problemsOf,
} from '../../src/renderer/groups/group-form.ts'
import { standingTo } from '../../src/renderer/groups/group-standing.ts'
import { groupNamedIn } from '../../src/renderer/groups/named-group.ts'
import type { Operation, Requests } from '../../src/renderer/live/queries.ts'

const id = ConversationId.parse('c000000000000001')
const other = ConversationId.parse('c000000000000002')
const me = AccountId.parse('a000000000000001')

const open = { name: 'Garden', description: 'Plants', joinPolicy: 'open', listed: true } as const
const secret = { ...open, joinPolicy: 'password' } as const

describe('the form of a group', () => {
  const filled = (form: Partial<GroupForm>): GroupForm => ({ ...newGroup, name: 'Garden', ...form })

  test('wants a name, and says so', () => {
    expect(problemsOf(filled({ name: '  ' }), null).name).not.toBeNull()
    expect(problemsOf(filled({}), null)).toEqual({ name: null, password: null })
  })

  test('wants a password where one is to let people in, unless the group has one', () => {
    expect(problemsOf(filled({ joinPolicy: 'password' }), null).password).not.toBeNull()
    expect(problemsOf(filled({ joinPolicy: 'password' }), open).password).not.toBeNull()
    expect(problemsOf(formOf(secret), secret).password).toBeNull()
  })

  test('wants the password again where the server is told of the whole policy', () => {
    expect(problemsOf({ ...formOf(secret), listed: false }, secret).password).not.toBeNull()
    expect(problemsOf({ ...formOf(secret), listed: false, password: 'x' }, secret).password).toBeNull()
  })

  test('lists no group that nobody can join', () => {
    expect(isListed(filled({ joinPolicy: 'closed', listed: true }))).toBe(false)
    expect(isListed(filled({ joinPolicy: 'open', listed: true }))).toBe(true)
  })

  test('changes nothing that is so already', () => {
    expect(changesTo(id, open, formOf(open))).toEqual([])
    expect(changesTo(id, secret, formOf(secret))).toEqual([])
    const closed = { ...open, joinPolicy: 'closed', listed: false } as const
    expect(changesTo(id, closed, formOf(closed))).toEqual([])
  })

  test('says each change once, and a password only to a policy that has one', () => {
    const form: GroupForm = {
      name: ' Gardens ',
      description: '',
      joinPolicy: 'approval',
      password: 'forgotten',
      listed: false,
    }
    expect(changesTo(id, open, form)).toEqual([
      { kind: 'rename', conversationId: id, name: 'Gardens' },
      { kind: 'describe', conversationId: id, description: '' },
      { kind: 'set-join-policy', conversationId: id, joinPolicy: 'approval', listed: false },
    ])
    expect(changesTo(id, secret, { ...formOf(secret), password: 'new' })).toEqual([
      { kind: 'set-join-policy', conversationId: id, joinPolicy: 'password', listed: true, password: 'new' },
    ])
  })
})

describe('how one stands to a group', () => {
  const operation = (action: Operation['action'], state: Operation['state']): Operation => ({
    id: ClientMessageId.parse('operation'),
    action,
    state,
    problem: null,
    madeAt: 0,
    makes: null,
    upload: null,
  })
  const join = { kind: 'join', conversationId: id } as const
  const ask = { kind: 'ask-to-join', conversationId: id } as const
  const request = (state: Requests['mine'][number]['state']): Requests['mine'][number] => ({
    conversationId: id,
    conversationName: 'Garden',
    accountId: me,
    state,
    askedAt: 1,
    decidedAt: null,
    decidedBy: null,
  })
  const nothing = { conversations: [], requests: { mine: [] }, outbox: [] }
  const kindOf = (sources: Partial<Parameters<typeof standingTo>[1]>) =>
    standingTo(id, { ...nothing, ...sources }).kind

  test('is by what is held, what was asked, and what waits', () => {
    expect(kindOf({})).toBe('outside')
    expect(kindOf({ conversations: [{ id }] })).toBe('member')
    expect(kindOf({ conversations: [{ id: other }] })).toBe('outside')
    expect(kindOf({ outbox: [operation(join, 'waiting')] })).toBe('joining')
    expect(kindOf({ outbox: [operation(ask, 'sending')] })).toBe('asking')
    expect(kindOf({ requests: { mine: [request('waiting')] } })).toBe('asked')
    expect(kindOf({ requests: { mine: [request('declined')] } })).toBe('declined')
    expect(kindOf({ requests: { mine: [request('cancelled')] } })).toBe('outside')
  })

  test('a refusal counts until it is tried anew', () => {
    expect(kindOf({ outbox: [operation(join, 'refused')] })).toBe('refused')
    expect(kindOf({ outbox: [operation(join, 'refused'), operation(join, 'waiting')] })).toBe('joining')
  })

  test('who is in has nothing to wait for', () => {
    expect(kindOf({ conversations: [{ id }], outbox: [operation(join, 'refused')] })).toBe('member')
  })
})

describe('naming a group', () => {
  test('is by its link or its id', () => {
    expect(groupNamedIn(` ${id} `)).toBe(id)
    expect(groupNamedIn(`parley://open?conversation=${id}&server=https%3A%2F%2Fexample.org`)).toBe(id)
    expect(groupNamedIn(`parley://join?server=https://example.org&conversation=${id}#secret`)).toBe(id)
  })

  test('words are no name', () => {
    expect(groupNamedIn('club')).toBeNull()
    expect(groupNamedIn('parley://open?conversation=a000000000000001')).toBeNull()
    expect(groupNamedIn('parley:')).toBeNull()
    expect(groupNamedIn(`see ${id}`)).toBeNull()
  })
})
