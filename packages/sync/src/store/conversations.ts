import { JsonOf } from './json.ts'
import type { Conversation } from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { OperationId } from '../actions.ts'
import type { Connection } from './ciphers.ts'
import { dropDraft } from './drafts.ts'
import { putLevel } from './levels.ts'
import { forgetMessages } from './messages.ts'
import { conversation as table } from './schema.ts'
import { forgetSealed, holdsChain } from './sealed.ts'
import { putOf, Statement } from './statement.ts'

const conversationJson = new JsonOf<Conversation>()

type Row = InferSelectModel<typeof table>

/** A conversation as the store has it. */
export interface Held extends Omit<Row, 'json' | 'id'> {
  readonly conversation: Conversation
}

/** How far a conversation goes, and how far it is read: what each message that is said may move. */
export type Ends = Pick<Row, 'lastOrdinal' | 'lastMessageId' | 'readUpTo' | 'readOrdinal' | 'mentions'>

const put = putOf(table)
const isHeld = new Statement<[string], number>('select 1 from conversation where id = ?', 'value')
const endsOf = new Statement<[string], Ends>(
  'select lastOrdinal, lastMessageId, readUpTo, readOrdinal, mentions from conversation where id = ?',
)
const putEnds = new Statement<[Ends & { readonly id: ConversationId }]>(
  `update conversation set lastOrdinal = @lastOrdinal, lastMessageId = @lastMessageId, readUpTo = @readUpTo,
     readOrdinal = @readOrdinal, mentions = @mentions where id = @id`,
)
const byId = new Statement<[string], Row>('select * from conversation where id = ?')
const all = new Statement<[], Row>('select * from conversation order by lastMessageId desc, id')
const unfilled = new Statement<[], ConversationId>(
  'select id from conversation where filled = 0 order by lastMessageId desc, id',
  'value',
)
const olderThan = new Statement<[number], ConversationId>(
  'select id from conversation where snapshot < ?',
  'value',
)
const unread = new Statement<[], Row>('select * from conversation where lastOrdinal > readOrdinal')
const drop = new Statement<[string]>('delete from conversation where id = ?')
const dropMembers = new Statement<[string]>('delete from member where conversationId = ?')
const withoutMembers = new Statement<[]>('update conversation set membersHeld = 0 where membersHeld = 1')

const heldOf = ({ json, id: _, ...row }: Row): Held => ({ ...row, conversation: conversationJson.read(json) })

export const heldConversation = (connection: Connection, id: ConversationId): Held | null => {
  const row = byId.on(connection).get(id)
  return row ? heldOf(row) : null
}

export const heldConversations = (connection: Connection): Held[] => all.on(connection).all().map(heldOf)

export const unreadConversations = (connection: Connection): Held[] => unread.on(connection).all().map(heldOf)

/** Those of which the newest page has not come, the one with the newest message first. */
export const unfilledConversations = (connection: Connection): ConversationId[] =>
  unfilled.on(connection).all()

export const conversationsBefore = (connection: Connection, snapshot: number): ConversationId[] =>
  olderThan.on(connection).all(snapshot)

/** There is no way back from sealed, whatever a server says. */
export function putConversation(connection: Connection, held: Held): void {
  const { conversation } = held
  const sealed = conversation.sealed || isSealed(connection, conversation.id)
  write(connection, { ...held, conversation: { ...conversation, sealed } })
}

const write = (connection: Connection, { conversation, ...row }: Held): void =>
  void put.on(connection).run({ ...row, id: conversation.id, json: JSON.stringify(conversation) })

const knownAsSealed = new Statement<[string], number>(
  `select 1 from conversation where id = ? and json ->> '$.sealed' = 1`,
  'value',
)

/** Whether nothing may be said in it but sealed: it has a chain, or this device has heard before that it is sealed. */
export const isSealed = (connection: Connection, id: ConversationId): boolean =>
  knownAsSealed.on(connection).get(id) !== undefined || holdsChain(connection, id)

const anyKnownAsSealed = new Statement<[], number>(
  `select 1 from conversation where json ->> '$.sealed' = 1
   or exists (select 1 from chainEntry where conversationId = conversation.id) limit 1`,
  'value',
)

/** Whether something in this account's conversations is, or may be, sealed. */
export const isAnySealed = (connection: Connection): boolean =>
  anyKnownAsSealed.on(connection).get() !== undefined

/** Changes one that is held; one that is not is left alone. */
export function changeConversation(
  connection: Connection,
  id: ConversationId,
  change: (held: Held) => Partial<Held>,
): void {
  const held = heldConversation(connection, id)
  if (!held) return
  const changed = change(held)
  const after = { ...held, ...changed }
  if (changed.conversation) putConversation(connection, after)
  else write(connection, after)
}

export const holdsConversation = (connection: Connection, id: ConversationId): boolean =>
  isHeld.on(connection).get(id) !== undefined

/** As `changeConversation`, where nothing else changes: neither reads nor writes what the server says of it. */
export function changeEnds(
  connection: Connection,
  id: ConversationId,
  change: (ends: Ends) => Partial<Ends>,
): void {
  const ends = endsOf.on(connection).get(id)
  if (ends) putEnds.on(connection).run({ ...ends, ...change(ends), id })
}

/** With all that was said in it, and what was about to be: leaving forgets. */
export function forgetConversation(connection: Connection, id: ConversationId): void {
  forgetMessages(connection, id)
  dropMembers.on(connection).run(id)
  dropDraft(connection, id)
  putLevel(connection, id, null)
  forgetSealed(connection, id)
  drop.on(connection).run(id)
}

export function forgetAllMembers(connection: Connection): void {
  connection.exec('delete from member')
  withoutMembers.on(connection).run()
}

const direct = new Statement<[string], ConversationId>(
  `select c.id from conversation c, json_each(c.json, '$.directWith') w where w.value = ? limit 1`,
  'value',
)

/** The direct conversation with somebody else, which there is once at most. */
export const heldDirect = (connection: Connection, other: AccountId): ConversationId | null =>
  direct.on(connection).get(other) ?? null

const madeBy = new Statement<[string], ConversationId>(
  'select id from conversation where madeBy = ?',
  'value',
)

/** What the server made of a wish of this device for a conversation; null while it was not made, or is gone again. */
export const conversationMadeBy = (connection: Connection, id: OperationId): ConversationId | null =>
  madeBy.on(connection).get(id) ?? null
