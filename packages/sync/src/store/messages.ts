import { JsonOf } from './json.ts'
import type { AccountId, AttachmentId, ConversationId, MessageId } from '@parley/domain/ids'
import type { Message, Reaction } from '@parley/domain/messages'
import type { SealedCause } from '@parley/domain/sealed/causes'
import type { InferSelectModel } from 'drizzle-orm'
import type { Connection } from './ciphers.ts'
import { forgetCopies, forgetCopy } from './files.ts'
import { message as table } from './schema.ts'
import { dropAttachmentSecrets, dropAttachmentSecretsIn, putAttachmentSecret } from './sealed.ts'
import { putOf, Statement } from './statement.ts'

const messageJson = new JsonOf<HeldMessage>()

/** What is known of content that came sealed. */
export interface Seal {
  /** The epoch that it is of; null where it cannot be told. */
  readonly epoch: number | null
  readonly revision: number
  /** Why it is not open, of content that is still as it came. */
  readonly cause: SealedCause | null
  /** As they came, where they were opened. */
  readonly reactions?: readonly Reaction[] | undefined
  /** What opens its attachments: for the store alone, and not kept with the message. */
  readonly keys?: readonly AttachmentKeyOf[] | undefined
}

export interface AttachmentKeyOf {
  readonly id: AttachmentId
  readonly key: Uint8Array
  readonly bytes: number
}

/** A message as the store has it: opened, where it came sealed. */
export type HeldMessage = Message & { readonly sealed?: Seal | undefined }

type Row = InferSelectModel<typeof table>

/** What was deleted is still known to have been there. */
const put = putOf(table, ['sealedAs', 'revision'])
const byId = new Statement<[number], string>('select json from message where id = ?', 'value')
const isHeld = new Statement<[number], number>('select 1 from message where id = ?', 'value')
const ordinalOf = new Statement<[string, number], number>(
  'select ordinal from message where conversationId = ? and id = ?',
  'value',
)
const lastUpTo = new Statement<[string, number], number>(
  'select ordinal from message where conversationId = ? and id <= ? order by id desc limit 1',
  'value',
)
const addWords = new Statement<[number, string]>(
  'insert or replace into messageWords (rowid, words) values (?, ?)',
)
const dropWords = new Statement<[number]>('delete from messageWords where rowid = ?')
const idsIn = new Statement<[string], number>('select id from message where conversationId = ?', 'value')
const dropIn = new Statement<[string]>('delete from message where conversationId = ?')
const attachmentsIn = new Statement<[string], AttachmentId>(
  `select a.value ->> 'id' from message m, json_each(m.json, '$.attachments') a
   where m.conversationId = ? and instr(m.json, '"attachments":') > 0`,
  'value',
)
const mentionsAfter = new Statement<[string, number], number>(
  'select count(*) from message where conversationId = ? and id > ? and mentionsMe = 1',
  'value',
)

export const messageById = (connection: Connection, id: number): HeldMessage | null => {
  const json = byId.on(connection).get(id)
  return json === undefined ? null : messageJson.read(json)
}

export const ordinalOfMessage = (connection: Connection, conversationId: ConversationId, id: number) =>
  ordinalOf.on(connection).get(conversationId, id) ?? null

/** The ordinal of the newest message that is held and was said by then. */
export const ordinalUpTo = (connection: Connection, conversationId: ConversationId, position: number) =>
  lastUpTo.on(connection).get(conversationId, position) ?? null

export const mentionsHeldAfter = (connection: Connection, conversationId: ConversationId, id: number) =>
  mentionsAfter.on(connection).get(conversationId, id) ?? 0

const since = new Statement<[string, number], number>(
  'select count(*) from message where conversationId = ? and id > ?',
  'value',
)

export const messagesSince = (connection: Connection, id: ConversationId, position: number): number =>
  since.on(connection).get(id, position) ?? 0

export const holdsMessage = (connection: Connection, id: number): boolean =>
  isHeld.on(connection).get(id) !== undefined

/**
 * Takes a message as it now is, with its words into the index. Sealed content was opened before it comes here: what is stored
 * is what can be read.
 */
export function putMessage(connection: Connection, message: HeldMessage, me: AccountId): void {
  const known = holdsMessage(connection, message.id)
  if (known && message.content.kind === 'deleted') forgetCopiesOf(connection, message.id)
  put.on(connection).run(rowOf(message, me))
  for (const secret of message.sealed?.keys ?? [])
    putAttachmentSecret(connection, secret.id, message.id, secret)
  const words = message.content.kind === 'plain' ? message.content.text : ''
  if (words !== '') addWords.on(connection).run(message.id, words)
  else if (known) dropWords.on(connection).run(message.id)
}

export function isMentioned(message: Message, me: AccountId): boolean {
  return (
    message.authorId !== me &&
    (message.mentionsEveryone === true || (message.mentions?.includes(me) ?? false))
  )
}

const jsonOf = (message: HeldMessage): string =>
  JSON.stringify(
    message.sealed?.keys ? { ...message, sealed: { ...message.sealed, keys: undefined } } : message,
  )

const rowOf = (message: HeldMessage, me: AccountId): Row => ({
  id: message.id,
  conversationId: message.conversationId,
  authorId: message.authorId,
  ordinal: message.ordinal,
  mentionsMe: isMentioned(message, me) ? 1 : 0,
  json: jsonOf(message),
  sealedAs: message.sealed ? message.clientMessageId : null,
  revision: message.sealed?.revision ?? null,
  cause: message.sealed?.cause ?? null,
})

export function forgetMessages(connection: Connection, conversationId: ConversationId): void {
  for (const id of attachmentsIn.on(connection).all(conversationId)) forgetCopy(connection, id)
  dropAttachmentSecretsIn(connection, conversationId)
  const drop = dropWords.on(connection)
  for (const id of idsIn.on(connection).all(conversationId)) drop.run(id)
  dropIn.on(connection).run(conversationId)
}

function forgetCopiesOf(connection: Connection, id: number): void {
  for (const attachment of messageById(connection, id)?.attachments ?? [])
    forgetCopy(connection, attachment.id)
  dropAttachmentSecrets(connection, id)
}

/** All of them, at once and whatever their number, and the copies of what they carry. */
export function forgetAllMessages(connection: Connection): void {
  forgetCopies(connection)
  connection.exec(
    `delete from message; delete from attachmentKey where messageId > 0; insert into messageWords (messageWords) values ('delete-all')`,
  )
}

const count = new Statement<[], number>('select count(*) from message', 'value')

export const countMessages = (connection: Connection): number => count.on(connection).get() ?? 0

// Windows

const newest = new Statement<[string, number], string>(
  'select json from message where conversationId = ? order by id desc limit ?',
  'value',
)
const before = new Statement<[string, number, number], string>(
  'select json from message where conversationId = ? and id < ? order by id desc limit ?',
  'value',
)
const after = new Statement<[string, number, number], string>(
  'select json from message where conversationId = ? and id > ? order by id limit ?',
  'value',
)

/** Newest first. */
export const newestMessages = (connection: Connection, id: ConversationId, limit: number): HeldMessage[] =>
  newest
    .on(connection)
    .all(id, limit)
    .map((json) => messageJson.read(json))

/** Newest first. */
export const messagesBefore = (
  connection: Connection,
  id: ConversationId,
  anchor: number,
  limit: number,
): HeldMessage[] =>
  before
    .on(connection)
    .all(id, anchor, limit)
    .map((json) => messageJson.read(json))

/** Oldest first. */
export const messagesAfter = (
  connection: Connection,
  id: ConversationId,
  anchor: number,
  limit: number,
): HeldMessage[] =>
  after
    .on(connection)
    .all(id, anchor, limit)
    .map((json) => messageJson.read(json))

// Ordinals have no gaps on the server, so that a missing one is a gap here.

const gapBefore = new Statement<[string], MessageId>(
  `select m.id from message m where m.conversationId = ? and m.ordinal > 1 and not exists
     (select 1 from message p where p.conversationId = m.conversationId and p.ordinal = m.ordinal - 1)
   order by m.ordinal desc limit 1`,
  'value',
)
const atOrdinal = new Statement<[string, number], MessageId>(
  'select id from message where conversationId = ? and ordinal = ?',
  'value',
)

/** The newest message before which something is missing. */
export const newestGapBefore = (connection: Connection, id: ConversationId): MessageId | null =>
  gapBefore.on(connection).get(id) ?? null

export const messageIdAtOrdinal = (
  connection: Connection,
  id: ConversationId,
  ordinal: number,
): MessageId | null => atOrdinal.on(connection).get(id, ordinal) ?? null

/** From the first one on, as long as each stands right next to the one before. Either direction. */
export function withoutGap(messages: readonly HeldMessage[]): HeldMessage[] {
  const end = messages.findIndex((message, index) => {
    const neighbour = messages[index - 1]
    return neighbour !== undefined && Math.abs(neighbour.ordinal - message.ordinal) !== 1
  })
  return messages.slice(0, end === -1 ? undefined : end)
}

const lastOfEach = new Statement<[], string>(
  'select m.json from conversation c join message m on m.id = c.lastMessageId',
  'value',
)

/** The newest message of each conversation. */
export const lastMessages = (connection: Connection): ReadonlyMap<ConversationId, HeldMessage> =>
  new Map(
    lastOfEach
      .on(connection)
      .all()
      .map((json) => messageJson.read(json))
      .map((message) => [message.conversationId, message]),
  )
