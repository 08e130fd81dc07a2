import type { AccountId, ClientMessageId, ConversationId, DeviceId } from '@parley/domain/ids'
import type { Hash } from '@parley/domain/sealed/bytes'
import type { SealedCause } from '@parley/domain/sealed/causes'
import type { EpochKey } from '@parley/crypto/keyring'
import type { InferSelectModel } from 'drizzle-orm'
import type { AttachmentKey, DraftAttachmentId } from '../actions.ts'
import type { Recovery, SealedNotice, SealingView } from '../views.ts'
import type { Connection } from './ciphers.ts'
import { JsonOf } from './json.ts'
import type { message } from './schema.ts'
import { Statement } from './statement.ts'

// What is kept for sealed conversations: device lists, chains and keys.

export interface StoredListEntry {
  readonly identity: Hash
  readonly number: number
  readonly accountId: AccountId
  readonly bytes: Uint8Array
}

const putList = new Statement<[StoredListEntry]>(
  'insert or replace into listEntry (identity, number, accountId, bytes) values (@identity, @number, @accountId, @bytes)',
)
const listBytes = new Statement<[string], Uint8Array>(
  'select bytes from listEntry where identity = ? order by number',
  'value',
)

export const putListEntry = (connection: Connection, entry: StoredListEntry): void =>
  void putList.on(connection).run(entry)

export const storedList = (connection: Connection, identity: Hash): Uint8Array[] =>
  listBytes
    .on(connection)
    .all(identity)
    .map((bytes) => new Uint8Array(bytes))

const dropListFrom = new Statement<[string, number]>(
  'delete from listEntry where identity = ? and number >= ?',
)

export const dropListEntries = (connection: Connection, identity: Hash, from: number): void =>
  void dropListFrom.on(connection).run(identity, from)

/** Who an account is by what was seen last, and who it was when somebody compared the safety number. */
export interface Known {
  readonly current: Hash
  readonly verified: Hash | null
}

const identityOf = new Statement<[string], Known>(
  'select current, verified from identity where accountId = ?',
)
const putIdentity = new Statement<[string, Hash, Hash | null]>(
  'insert or replace into identity (accountId, current, verified) values (?, ?, ?)',
)

export const knownIdentity = (connection: Connection, accountId: AccountId): Known | null =>
  identityOf.on(connection).get(accountId) ?? null

export const putKnownIdentity = (connection: Connection, accountId: AccountId, known: Known): void =>
  void putIdentity.on(connection).run(accountId, known.current, known.verified)

// Chains

export interface StoredChainEntry {
  readonly position: number
  readonly bytes: Uint8Array
}

const putChain = new Statement<[string, number, number, Uint8Array]>(
  'insert or replace into chainEntry (conversationId, number, position, bytes) values (?, ?, ?, ?)',
)
const chainOf = new Statement<[string], StoredChainEntry>(
  'select position, bytes from chainEntry where conversationId = ? order by number',
)
const dropChainFrom = new Statement<[string, number]>(
  'delete from chainEntry where conversationId = ? and number >= ?',
)

export const putChainEntry = (
  connection: Connection,
  id: ConversationId,
  number: number,
  { position, bytes }: StoredChainEntry,
): void => void putChain.on(connection).run(id, number, position, bytes)

export const storedChain = (connection: Connection, id: ConversationId): StoredChainEntry[] =>
  chainOf
    .on(connection)
    .all(id)
    .map(({ position, bytes }) => ({ position, bytes: new Uint8Array(bytes) }))

const anyOfChain = new Statement<[string], number>(
  'select 1 from chainEntry where conversationId = ? limit 1',
  'value',
)

export const holdsChain = (connection: Connection, id: ConversationId): boolean =>
  anyOfChain.on(connection).get(id) !== undefined

const chainIds = new Statement<[], ConversationId>(
  'select conversationId from chainEntry where number = 0',
  'value',
)

export const chainsHeld = (connection: Connection): ConversationId[] => chainIds.on(connection).all()

export const dropChainEntries = (connection: Connection, id: ConversationId, from: number): void =>
  void dropChainFrom.on(connection).run(id, from)

// Keys

const putKey = new Statement<[string, string, number, Uint8Array]>(
  'insert or ignore into epochKey (conversationId, commitment, number, key) values (?, ?, ?, ?)',
)
const keysOf = new Statement<[string], EpochKey>(
  'select number, key from epochKey where conversationId = ? order by number',
)

/** @returns whether it was not there before */
export const putEpochKey = (
  connection: Connection,
  id: ConversationId,
  commitment: Hash,
  { number, key }: EpochKey,
): boolean => putKey.on(connection).run(id, commitment, number, key).changes > 0

export const storedKeys = (connection: Connection, id: ConversationId): EpochKey[] =>
  keysOf
    .on(connection)
    .all(id)
    .map(({ number, key }) => ({ number, key: new Uint8Array(key) }))

// What else is known of a conversation

export interface RoomFacts {
  /** The log and snapshot under which the chain was read to its end. */
  readonly read: { readonly logId: string; readonly snapshot: number } | null
  /** The log under which it was read last, also where there is more to read by now. */
  readonly log: string | null
  /** The server says that there is no chain: it was sealed by programs of another kind. */
  readonly none: boolean
  readonly broken: SealedCause | null
  /** The keys that were asked for last. */
  readonly asked: { readonly first: number; readonly last: number; readonly at: number } | null
  readonly backup: { readonly version: number; readonly dirty: boolean }
  /** How far a backup knew the chain, where that was restored and is to be met again. */
  readonly seen: { readonly index: number; readonly hash: Hash } | null
  readonly view: SealingView
  /** Who had been removed by entries that a server lost when it was put back, and is in by what went on otherwise. */
  readonly readmitted?: readonly AccountId[] | undefined
  /** Whether what is held of it was held against where the chain begins. */
  readonly swept?: boolean | undefined
}

const factsJson = new JsonOf<RoomFacts>()
const factsOf = new Statement<[string], string>('select json from sealedConversation where id = ?', 'value')
const allFacts = new Statement<[], { id: ConversationId; json: string }>(
  'select id, json from sealedConversation',
)
const putFacts = new Statement<[string, string]>(
  'insert or replace into sealedConversation (id, json) values (?, ?)',
)

export const noFacts: RoomFacts = {
  read: null,
  log: null,
  none: false,
  broken: null,
  asked: null,
  backup: { version: 0, dirty: false },
  seen: null,
  view: { state: 'waiting', cause: 'chain-behind', verified: false, history: 'joining' },
}

export const roomFacts = (connection: Connection, id: ConversationId): RoomFacts | null => {
  const json = factsOf.on(connection).get(id)
  return json === undefined ? null : factsJson.read(json)
}

export const allRoomFacts = (connection: Connection): Map<ConversationId, RoomFacts> =>
  new Map(
    allFacts
      .on(connection)
      .all()
      .map(({ id, json }) => [id, factsJson.read(json)]),
  )

export const putRoomFacts = (connection: Connection, id: ConversationId, facts: RoomFacts): void =>
  void putFacts.on(connection).run(id, factsJson.write(facts))

const noticeJson = new JsonOf<SealedNotice>()
const addNotice = new Statement<[string, string]>(
  'insert into sealedNotice (conversationId, json) values (?, ?)',
)
const noticesOf = new Statement<[string], string>(
  'select json from sealedNotice where conversationId = ? order by number',
  'value',
)

export const addSealedNotice = (connection: Connection, id: ConversationId, notice: SealedNotice): void =>
  void addNotice.on(connection).run(id, noticeJson.write(notice))

export const storedNotices = (connection: Connection, id: ConversationId): SealedNotice[] =>
  noticesOf
    .on(connection)
    .all(id)
    .map((json) => noticeJson.read(json))

/** Leaving forgets keys and notices. The chain is kept: a server that shows another one on coming back is caught. */
export function forgetSealed(connection: Connection, id: ConversationId): void {
  for (const table of ['epochKey', 'sealedNotice'])
    connection.prepare<[string]>(`delete from ${table} where conversationId = ?`).run(id)
  connection.prepare<[string]>('delete from sealedConversation where id = ?').run(id)
}

// Messages

export type SealedRow = Pick<
  InferSelectModel<typeof message>,
  'id' | 'conversationId' | 'authorId' | 'revision' | 'cause'
> & { readonly clientMessageId: ClientMessageId }

const columns = 'id, conversationId, authorId, sealedAs as clientMessageId, revision, cause'
const byNames = new Statement<[string], SealedRow>(
  `select ${columns} from message where sealedAs in (select value from json_each(?)) order by id`,
)
const closedIn = new Statement<[string, number, number], SealedRow>(
  `select ${columns} from message where conversationId = ? and id < ? and cause is not null order by id desc limit ?`,
)
const closedEarlier = new Statement<[string], SealedCause>(
  'select distinct cause from message where conversationId = ? and cause is not null',
  'value',
)

type Named = Pick<SealedRow, 'conversationId' | 'authorId' | 'clientMessageId'>

/** By what a message is the same one, wherever a server puts it. */
export const nameOf = ({ conversationId, authorId, clientMessageId }: Named): string =>
  `${conversationId} ${authorId} ${clientMessageId}`

/** What is kept of these, by their names: of each its first place. */
export function sealedByNames(connection: Connection, named: readonly Named[]): Map<string, SealedRow> {
  const wanted = JSON.stringify(named.map(({ clientMessageId }) => clientMessageId))
  const found = new Map<string, SealedRow>()
  for (const row of byNames.on(connection).all(wanted)) {
    if (row.cause !== 'replayed' && !found.has(nameOf(row))) found.set(nameOf(row), row)
  }
  return found
}

/** Newest first. */
export const closedMessages = (connection: Connection, id: ConversationId, before: number, limit: number) =>
  closedIn.on(connection).all(id, before, limit)

export const causesIn = (connection: Connection, id: ConversationId): SealedCause[] =>
  closedEarlier.on(connection).all(id)

// Attachments

export interface AttachmentSecret {
  readonly key: Uint8Array
  readonly bytes: number
}

/** What a file that waits to be sent is held under: it is of no message of the server yet. */
export const noMessage = 0

/** What opens a file is the word of the message that shows it, and of that alone: others that name it change nothing. */
const putSecret = new Statement<[string, number, Uint8Array, number]>(
  'insert or replace into attachmentKey (attachmentId, messageId, key, bytes) values (?, ?, ?, ?)',
)
const secretOf = new Statement<[string, number], AttachmentSecret>(
  'select key, bytes from attachmentKey where attachmentId = ? and messageId = ?',
)

export const putAttachmentSecret = (
  connection: Connection,
  id: AttachmentKey,
  messageId: number,
  { key, bytes }: AttachmentSecret,
): void => void putSecret.on(connection).run(id, messageId, key, bytes)

export const attachmentSecret = (
  connection: Connection,
  id: AttachmentKey,
  messageId: number,
): AttachmentSecret | null => {
  const found = secretOf.on(connection).get(id, messageId)
  return found ? { key: new Uint8Array(found.key), bytes: found.bytes } : null
}

const dropOutgoingSecret = new Statement<[string, number]>(
  'delete from attachmentKey where attachmentId = ? and messageId = ?',
)
const dropSecretsOf = new Statement<[number]>('delete from attachmentKey where messageId = ?')
const dropSecretsIn = new Statement<[string]>(
  'delete from attachmentKey where messageId in (select id from message where conversationId = ?)',
)

export const dropSecretOfOutgoing = (connection: Connection, id: DraftAttachmentId): void =>
  void dropOutgoingSecret.on(connection).run(id, noMessage)

export const dropAttachmentSecrets = (connection: Connection, messageId: number): void =>
  void dropSecretsOf.on(connection).run(messageId)

export const dropAttachmentSecretsIn = (connection: Connection, id: ConversationId): void =>
  void dropSecretsIn.on(connection).run(id)

/** This device, as it is kept. */
export interface KeptDevice {
  readonly accountId: AccountId
  readonly id: DeviceId
  /** base64url of the 64 bytes. */
  readonly secrets: string
  /** The seed of the account's key; null while the device is not linked, or where another device has changed it. */
  readonly accountSeed: string | null
  /** The account's key that a revocation brings, until it is known whether that was taken. */
  readonly nextSeed: string | null
  /** The first entry of the list, of a device that begins it, until the server has it. */
  readonly begun: string | null
  /** The code that was entered, while its answer is waited for. */
  readonly code: string | null
  readonly backupKey: string | null
  readonly recovery: Recovery
}
