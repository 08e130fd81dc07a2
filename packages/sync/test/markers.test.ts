import { join } from 'node:path'
import { AccountId, ClientMessageId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import type { Entry } from '@parley/domain/stream'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { heldConversation, putConversation } from '@parley/sync/store/conversations'
import { Store } from '@parley/sync/store/store'
import { apply } from '@parley/sync/sync/apply'
import { fresh } from '@parley/sync/sync/take'
import { Topics } from '@parley/sync/topics'
import { testKey } from './devices.ts'

const ada = AccountId.parse('aada____________')
const bob = AccountId.parse('abob____________')
const conversationId = ConversationId.parse('c_______________')

const message = (position: number, ordinal: number): Entry => ({
  kind: 'message',
  position: Position.parse(position),
  message: {
    id: MessageId.parse(position),
    conversationId,
    authorId: bob,
    clientMessageId: ClientMessageId.parse(`m-${position}`),
    ordinal,
    sentAt: 1,
    content: { kind: 'plain', text: 'x' },
  },
})

test('S3: a marker that is taken again later counts from the end that the conversation had at its position', () => {
  using folder = temporaryFolder()
  using store = new Store(join(folder.path, 'store.db'), testKey, new Topics())
  const person = { username: 'ada', displayName: 'Ada', name: '', lastName: '', bot: false, disabled: false }
  const conversation = {
    ...({ id: conversationId, kind: 'group', name: 'G', description: '', joinPolicy: 'open' } as const),
    ...{ listed: false, sealed: false, founderId: bob, createdAt: 0, closedAt: null },
  }
  store.write(() => {
    store.putMe({ id: ada, ...person, operator: false, ownerId: null, hasPassword: true, createdAt: 0 })
    putConversation(store.connection, {
      ...fresh(1),
      conversation,
      role: 'member',
      grant: null,
      memberCount: 2,
    })
  })
  const take = (entry: Entry) => store.write((touch) => apply(store, touch, entry))
  const unread = () => {
    const held = heldConversation(store.connection, conversationId)
    return held && held.lastOrdinal - held.readOrdinal
  }
  take(message(100, 10))
  // Of the message that it names nothing is held.
  const marker: Entry = {
    ...{ kind: 'read', position: Position.parse(101), conversationId, readUpTo: 50, unread: 3, mentions: 0 },
  }
  take(marker)
  expect(unread()).toBe(3)
  take(message(102, 11))
  expect(unread()).toBe(4)
  take(marker)
  expect(unread()).toBe(4)
})
