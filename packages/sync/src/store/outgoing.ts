import type { InferSelectModel } from 'drizzle-orm'
import type { ConversationKey, DraftAttachmentId, OperationId } from '../actions.ts'
import { attachmentInMemoryBytesMax } from '../limits.ts'
import type { Connection } from './ciphers.ts'
import { copyName, nameFile } from './files.ts'
import type { outgoing } from './schema.ts'
import { attachmentSecret, dropSecretOfOutgoing, noMessage } from './sealed.ts'
import { Statement } from './statement.ts'

/** A file that waits to be sent. */
export type Outgoing = InferSelectModel<typeof outgoing>

const insert = new Statement<[Omit<Outgoing, 'number'>]>(
  'insert into outgoing (id, conversationId, operationId, name, mediaType, bytes, uploadId, sentBytes, attachmentId, uploads) ' +
    'values (@id, @conversationId, @operationId, @name, @mediaType, @bytes, @uploadId, @sentBytes, @attachmentId, @uploads)',
)
const byId = new Statement<[string], Outgoing>('select * from outgoing where id = ?')
const inDraft = new Statement<[string], Outgoing>(
  'select * from outgoing where conversationId = ? and operationId is null order by number',
)
const inDrafts = new Statement<[], Outgoing>(
  'select * from outgoing where operationId is null order by number',
)
const withMessage = new Statement<[string], Outgoing>(
  'select * from outgoing where operationId = ? order by number',
)
const withMessages = new Statement<[], Outgoing>(
  'select * from outgoing where operationId is not null order by number',
)
const total = new Statement<[], number>('select coalesce(sum(bytes), 0) from outgoing', 'value')
const give = new Statement<[string, string, string]>(
  'update outgoing set operationId = ?, conversationId = ? where id = ?',
)
const move = new Statement<[string, string]>(
  'update outgoing set conversationId = ? where conversationId = ?',
)
const dropOne = new Statement<[string]>('delete from outgoing where id = ?')
const dropDraft = new Statement<[string]>(
  'delete from outgoing where conversationId = ? and operationId is null',
)
const update = new Statement<[Outgoing]>(
  'update outgoing set uploadId = @uploadId, sentBytes = @sentBytes, attachmentId = @attachmentId, uploads = @uploads ' +
    'where number = @number',
)

type New = Pick<Outgoing, 'id' | 'conversationId' | 'name' | 'mediaType' | 'bytes'>

export function addOutgoing(connection: Connection, added: New): void {
  insert.on(connection).run({
    ...added,
    operationId: null,
    uploadId: null,
    sentBytes: 0,
    attachmentId: null,
    uploads: 0,
  })
}

export const outgoingById = (connection: Connection, id: DraftAttachmentId): Outgoing | null =>
  byId.on(connection).get(id) ?? null

/** Of a draft, in the order in which they were added. */
export const outgoingOfDraft = (connection: Connection, key: ConversationKey): Outgoing[] =>
  inDraft.on(connection).all(key)

export const outgoingOfDrafts = (connection: Connection): ReadonlyMap<ConversationKey, Outgoing[]> =>
  Map.groupBy(inDrafts.on(connection).all(), ({ conversationId }) => conversationId)

/** Of a message in the outbox. */
export const outgoingOf = (connection: Connection, id: OperationId): Outgoing[] =>
  withMessage.on(connection).all(id)

const uploadedAs = new Statement<[string], Outgoing>('select * from outgoing where attachmentId = ?')

/** By the name that the server gave it. */
export const outgoingByAttachment = (connection: Connection, id: string): Outgoing | null =>
  uploadedAs.on(connection).get(id) ?? null

export const outgoingOfAll = (connection: Connection): Outgoing[] => withMessages.on(connection).all()

export const outgoingBytes = (connection: Connection): number => total.on(connection).get() ?? 0

/** A draft's attachment is a message's from now on. */
export function giveOutgoing(
  connection: Connection,
  id: DraftAttachmentId,
  operationId: OperationId,
  key: ConversationKey,
): void {
  give.on(connection).run(operationId, key, id)
}

const takeBack = new Statement<[string]>(
  'update outgoing set operationId = null, uploadId = null, sentBytes = 0, attachmentId = null where operationId = ?',
)

/** A message's files are a draft's again. They are uploaded anew: by then they may have to be sealed. */
export const returnOutgoing = (connection: Connection, id: OperationId): void =>
  void takeBack.on(connection).run(id)

/** A conversation that was made here has its real id now. */
export function moveOutgoing(connection: Connection, from: ConversationKey, to: ConversationKey): void {
  move.on(connection).run(to, from)
}

export function changeOutgoing(
  connection: Connection,
  known: Outgoing,
  change: Partial<Pick<Outgoing, 'uploadId' | 'sentBytes' | 'attachmentId' | 'uploads'>>,
): void {
  update.on(connection).run({ ...known, ...change })
}

export function dropOutgoing(connection: Connection, id: DraftAttachmentId): void {
  dropOne.on(connection).run(id)
  dropSecretOfOutgoing(connection, id)
}

export const dropOutgoingOfDraft = (connection: Connection, key: ConversationKey): void =>
  void dropDraft.on(connection).run(key)

/** Its message is no longer in the outbox. What the server has of it need not be brought from there to be looked at. */
export function finishOutgoing(connection: Connection, id: OperationId): void {
  for (const file of outgoingOf(connection, id)) {
    const secret = attachmentSecret(connection, file.id, noMessage)
    dropOne.on(connection).run(file.id)
    dropSecretOfOutgoing(connection, file.id)
    if (file.attachmentId !== null && file.bytes <= attachmentInMemoryBytesMax) {
      nameFile(connection, file.id, copyName(file.attachmentId, secret))
    }
  }
}
