import type { AccountId, ConversationId, DeviceId, Position, Timestamp } from '@parley/domain/ids'

// The port of what is kept of sealed conversations, a part of that in `stores.ts`. Structures are bytes as their authors
// signed them; hashes, identities and keys are base64url.

export interface DeviceListHeadRow {
  accountId: AccountId
  identity: string
  /** Of the newest entry. */
  index: number
  hash: string
}

export interface LinkRequestRow {
  accountId: AccountId
  deviceId: DeviceId
  request: Uint8Array
  askedAt: Timestamp
  answer: Uint8Array | null
}

export interface DeviceReads {
  /** The list of the account that is in force. */
  current(accountId: AccountId): Promise<DeviceListHeadRow | null>
  /** A list by its identity, in force or not. */
  list(identity: string): Promise<DeviceListHeadRow | null>
  /** Entries of a list from an index on, in order. */
  entries(identity: string, from: number, limit: number): Promise<Uint8Array[]>
  /** Asked since `since`, oldest first. */
  linkRequests(accountId: AccountId, since: Timestamp): Promise<LinkRequestRow[]>
  linkRequest(accountId: AccountId, deviceId: DeviceId): Promise<LinkRequestRow | null>
}

export interface DeviceWrites extends DeviceReads {
  /** The entry at index 0 begins a list, and puts it in force. */
  append(entry: DeviceListHeadRow & { bytes: Uint8Array }): Promise<void>
  /** Takes the place of what the device asked before, answer and all. */
  putLinkRequest(request: LinkRequestRow): Promise<void>
  removeLinkRequestsBefore(at: Timestamp): Promise<void>
}

export interface ChainHeadRow {
  /** The hash of entry 0. */
  chain: string
  index: number
  hash: string
}

export interface ChainEntryRow {
  index: number
  position: Position
  bytes: Uint8Array
}

/** A revocation that a conversation's chain does not name yet. */
export interface OwedRow {
  conversationId: ConversationId
  accountId: AccountId
  /** Of the list, and the index of its entry that revokes. */
  identity: string
  index: number
}

export interface ChainReads {
  head(conversationId: ConversationId): Promise<ChainHeadRow | null>
  entries(conversationId: ConversationId, from: number, limit: number): Promise<ChainEntryRow[]>
  owed(conversationId: ConversationId): Promise<OwedRow[]>
}

export interface ChainWrites extends ChainReads {
  append(entry: ChainEntryRow & { conversationId: ConversationId; hash: string }): Promise<void>
  /** A later revocation of the same account takes the place of the one before. */
  owe(revocation: OwedRow): Promise<void>
  settle(conversationId: ConversationId, accountId: AccountId): Promise<void>
}

export interface KeyGrantRow {
  conversationId: ConversationId
  accountId: AccountId
  deviceId: DeviceId
  granterDeviceId: DeviceId
  firstEpoch: number
  lastEpoch: number
  bytes: Uint8Array
}

export interface KeyRequestRow {
  conversationId: ConversationId
  deviceId: DeviceId
  accountId: AccountId
  firstEpoch: number
  lastEpoch: number
  askedAt: Timestamp
}

export interface KeyReads {
  /** Grants to a device, the oldest first; `after` is the `number` that ended the page before. */
  grantsTo(input: {
    deviceId: DeviceId
    conversationId?: ConversationId | undefined
    after: number
    limit: number
  }): Promise<(KeyGrantRow & { number: number })[]>
  /** Asked since `since`, oldest first. */
  requests(conversationId: ConversationId, since: Timestamp, limit: number): Promise<KeyRequestRow[]>
  requestCount(conversationId: ConversationId): Promise<number>
}

export interface KeyWrites extends KeyReads {
  /** @returns false when the same device has granted the same epochs before; nothing is kept then. */
  grant(grant: KeyGrantRow): Promise<boolean>
  /** Takes the place of what the device asked for before. */
  putRequest(request: KeyRequestRow): Promise<void>
  /** The device has what it asked for up to this epoch. */
  removeRequestUpTo(conversationId: ConversationId, deviceId: DeviceId, lastEpoch: number): Promise<void>
  removeRequestsOf(conversationId: ConversationId, accountId: AccountId): Promise<void>
  removeRequestsOfDevice(deviceId: DeviceId): Promise<void>
  removeRequestsBefore(at: Timestamp): Promise<void>
}

export interface BackupRow {
  accountId: AccountId
  keyId: string
  part: ConversationId | 'account'
  version: number
  sealed: Uint8Array
}

export interface BackupReads {
  get(accountId: AccountId, keyId: string, part: BackupRow['part']): Promise<BackupRow | null>
  /** Without what is in them, by key and part. */
  parts(accountId: AccountId, limit: number): Promise<Omit<BackupRow, 'sealed'>[]>
  keyIds(accountId: AccountId): Promise<string[]>
  count(accountId: AccountId, keyId: string): Promise<number>
}

export interface BackupWrites extends BackupReads {
  /** Takes the place of the same part under the same key. */
  put(part: BackupRow): Promise<void>
  /** Drops every part that is not under this key. */
  keepOnly(accountId: AccountId, keyId: string): Promise<void>
}
