import { AccountId, ClientMessageId, ConversationId, DeviceId } from '@parley/domain/ids'
import { describe, expect, test } from 'vitest'
import { whyNotSealed } from '../../src/renderer/encryption/why-not-sealed.ts'
import type { Action, Operation, Requests } from '../../src/renderer/live/queries.ts'
import { isUnseen, operationsToShow, requestLists } from '../../src/renderer/requests/request-lists.ts'
import { acceptedWords, listed, wishWords } from '../../src/renderer/requests/wish-words.ts'

const me = AccountId.parse('a000000000000001')
const ada = AccountId.parse('a00000000000000a')
const garden = ConversationId.parse('c000000000000001')

const request = (rest: Partial<Requests['mine'][number]>): Requests['mine'][number] => ({
  conversationId: garden,
  conversationName: 'Garden',
  accountId: me,
  state: 'waiting',
  askedAt: 10,
  decidedAt: null,
  decidedBy: null,
  ...rest,
})

const invitation = (rest: Partial<Requests['invitations'][number]>): Requests['invitations'][number] => ({
  fromId: ada,
  toId: me,
  state: 'waiting',
  sentAt: 10,
  decidedAt: null,
  conversationId: null,
  ...rest,
})

const none: Requests = { toDecide: [], mine: [], invitations: [], pending: [] }

describe('the lists of requests', () => {
  test('what waits for an answer comes longest waiting first', () => {
    const { toAnswer } = requestLists(
      {
        ...none,
        toDecide: [request({ accountId: ada, askedAt: 20 })],
        invitations: [invitation({ sentAt: 5 }), invitation({ fromId: me, toId: ada })],
      },
      me,
    )
    expect(toAnswer.map(({ kind }) => kind)).toEqual(['invitation', 'join'])
  })

  test('an invitation that was answered is not to be answered', () => {
    const { toAnswer, asked } = requestLists(
      { ...none, invitations: [invitation({ state: 'accepted', decidedAt: 12 })] },
      me,
    )
    expect([toAnswer, asked]).toEqual([[], []])
  })

  test('of what one asked, what waits comes first and what was taken back is gone', () => {
    const other = ConversationId.parse('c000000000000002')
    const third = ConversationId.parse('c000000000000003')
    const { asked } = requestLists(
      {
        ...none,
        mine: [
          request({ state: 'approved', decidedAt: 90 }),
          request({ conversationId: other }),
          request({ conversationId: third, state: 'cancelled', decidedAt: 95 }),
        ],
        invitations: [invitation({ fromId: me, toId: ada, state: 'withdrawn', decidedAt: 80 })],
      },
      me,
    )
    expect(asked.map(({ key }) => key)).toEqual([`${other} ${me}`, `${garden} ${me}`])
  })

  test('an answer is unseen until that was said, and a wait is no answer', () => {
    const unseen = (of: Partial<Requests['mine'][number]>) =>
      isUnseen({ kind: 'join', key: '', at: 0, request: request(of) })
    expect(unseen({})).toBe(false)
    expect(unseen({ state: 'declined', decidedAt: 20 })).toBe(true)
    expect(unseen({ state: 'declined', decidedAt: 20, seen: true })).toBe(false)
  })
})

describe('what of the outbox is shown', () => {
  const operation = (action: Operation['action'], state: Operation['state']): Operation => ({
    id: ClientMessageId.parse('operation'),
    action,
    state,
    problem: null,
    madeAt: 0,
    makes: null,
    upload: null,
  })
  const close = { kind: 'close', conversationId: garden } as const
  const send = { kind: 'send', conversationId: garden, content: { kind: 'plain', text: 'Hi' } } as const
  const shown = (operations: readonly Operation[], isOnline: boolean) =>
    operationsToShow(operations, isOnline).map(({ action, state }) => `${action.kind} ${state}`)

  test('is what was refused always, and what waits while it cannot go out', () => {
    const all = [operation(close, 'waiting'), operation(close, 'refused'), operation(send, 'refused')]
    expect(shown(all, true)).toEqual(['close refused', 'send refused'])
    expect(shown(all, false)).toEqual(['close refused', 'send refused', 'close waiting'])
  })

  test('messages that wait are shown where they stand', () => {
    expect(shown([operation(send, 'waiting')], false)).toEqual([])
  })
})

describe('accepting an invitation', () => {
  test('says that people can talk only where that is so', () => {
    expect(acceptedWords('Ada', { sealed: true, isOnline: true })).toBe(
      'You and Ada can talk now, encrypted.',
    )
    expect(acceptedWords('Ada', { sealed: false, isOnline: true })).toBe('You and Ada can talk now.')
    expect(acceptedWords('Ada', { sealed: true, isOnline: false })).not.toContain('now')
  })

  test('S72: sealed is offered by a device that has its keys, and another says why not', () => {
    const ready = { kind: 'ready', deviceId: DeviceId.parse('dAAAAAAAAAAAAAAA'), recovery: 'none' } as const
    expect(whyNotSealed({ ...ready, keyChanged: false })).toBeNull()
    expect(whyNotSealed({ ...ready, keyChanged: true })).toBeNull()
    expect(whyNotSealed({ kind: 'unknown' })).toContain('once it has reached the server')
    expect(whyNotSealed({ kind: 'not-linked', waiting: false })).toContain('not linked')
    expect(whyNotSealed({ kind: 'not-linked', waiting: true })).toContain('has not let this one in')
  })
})

describe('saying what somebody wanted', () => {
  const names = { person: (id: string) => (id === ada ? 'Ada' : 'Bo'), conversation: () => 'Garden' }
  const words = (action: Action) => wishWords(action, names)

  test('is a short sentence with the names in it', () => {
    expect(words({ kind: 'rename', conversationId: garden, name: 'Gardens' })).toBe(
      'Rename Garden to Gardens',
    )
    expect(words({ kind: 'set-role', conversationId: garden, accountId: ada, role: 'admin' })).toBe(
      'Make Ada an admin of Garden',
    )
    expect(words({ kind: 'invite', accountId: ada })).toBe('Invite Ada to talk')
    expect(words({ kind: 'accept-invitation', fromId: ada })).toBe('Accept Ada’s invitation')
    expect(words({ kind: 'accept-invitation', fromId: ada, sealed: true })).toBe(
      'Accept Ada’s invitation, encrypted',
    )
    expect(words({ kind: 'add-members', conversationId: garden, accountIds: [ada, me] })).toBe(
      'Add Ada and Bo to Garden',
    )
  })

  test('a long message is cut between characters, at its first line', () => {
    const text = `${'👩🏽‍🚀'.repeat(50)}\nmore`
    const said = words({ kind: 'send', conversationId: garden, content: { kind: 'plain', text } })
    expect(said).toBe(`Send “${'👩🏽‍🚀'.repeat(40)}…” to Garden`)
  })

  test('many names are counted', () => {
    expect(listed(['Ada', 'Bo', 'Cy', 'Di'])).toBe('Ada, Bo and 2 others')
    expect(listed(['Ada', 'Bo', 'Cy'])).toBe('Ada, Bo and Cy')
  })
})
