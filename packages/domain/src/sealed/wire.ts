import { z } from 'zod'
import { AccountId, AttachmentId, ConversationId, DeviceId, MessageId, Position, Timestamp } from '../ids.ts'
import {
  attachmentBytesMax,
  attachmentNameCharsMax,
  attachmentsPerMessageMax,
  backupPartBytesMax,
  chainEntryBytesMax,
  deviceListEntriesMax,
  deviceListEntryBytesMax,
  entriesPerAppendMax,
  epochsPerGrantMax,
  grantBytesMax,
  grantsPerCallMax,
  mentionsPerMessageMax,
  messageTextCharsMax,
  pageItemsDefault,
  pageItemsMax,
  passwordCharsMax,
} from '../limits.ts'
import { opaqueOf, pageLimit, textOf } from '../text.ts'

// The structures of docs/encryption.md, as base64url. What is in them is read by `readListEntry` and its like.

export const ListEntryText = opaqueOf(deviceListEntryBytesMax).min(1)
export const ChainEntryText = opaqueOf(chainEntryBytesMax).min(1)
export const GrantText = opaqueOf(grantBytesMax).min(1)
export const BackupText = opaqueOf(backupPartBytesMax).min(1)
export const LinkText = opaqueOf(1024).min(1)

/** 32 bytes: a hash, a public key. */
export const HashText = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be 32 bytes as base64url')
/** Which backup key a part is under: the first 8 bytes of a hash. */
export const BackupKeyId = z.string().regex(/^[A-Za-z0-9_-]{11}$/, 'must be 8 bytes as base64url')

/** In place of an emoji, where a conversation is sealed: 96 bytes. */
export const SealedReaction = z
  .string()
  .regex(/^[A-Za-z0-9_-]{128}$/, 'must be a sealed reaction: 96 bytes as base64url')

// What is inside of sealed content

export const SealedAttachment = z.strictObject({
  id: AttachmentId,
  name: z.string().min(1).max(attachmentNameCharsMax),
  mediaType: z.string().max(127),
  /** Before sealing. */
  bytes: z.int().min(0).max(attachmentBytesMax),
  key: HashText,
})
export type SealedAttachment = z.infer<typeof SealedAttachment>

/** Fields that a newer program adds are passed over. */
export const SealedBody = z.object({
  text: textOf(messageTextCharsMax),
  replyTo: MessageId.optional(),
  mentions: z.array(AccountId).max(mentionsPerMessageMax).optional(),
  everyone: z.literal(true).optional(),
  attachments: z.array(SealedAttachment).max(attachmentsPerMessageMax).optional(),
})
export type SealedBody = z.infer<typeof SealedBody>

// Devices

export const ListHead = z.strictObject({
  accountId: AccountId,
  identity: HashText,
  index: z.int().min(0).max(deviceListEntriesMax),
  hash: HashText,
})
export type ListHead = z.infer<typeof ListHead>

/**
 * The next entries of an account's list, in order. Anybody may bring entries that the account signed, as when a server was restored; the
 * first entry of a list comes from the account alone.
 */
export const AppendToList = z.strictObject({
  entries: z.array(ListEntryText).min(1).max(entriesPerAppendMax),
  /** Begins a new identity where there is one already. */
  beginAgain: z.boolean().default(false),
})
export type AppendToList = z.infer<typeof AppendToList>

export const ReadLists = z.strictObject({
  lists: z
    .array(
      z.strictObject({
        accountId: AccountId,
        /** Without it the account's newest list. */
        identity: HashText.optional(),
        /** The first entry that is wanted. */
        from: z.int().min(0).default(0),
      }),
    )
    .min(1)
    .max(pageItemsMax),
})
export type ReadLists = z.infer<typeof ReadLists>

/** In the order asked for; those that did not fit the page are left out, and `more` says that a list goes on. */
export const ListsPage = z.strictObject({
  lists: z.array(
    z.strictObject({
      accountId: AccountId,
      /** Null where the account has no list, or not that one. */
      identity: HashText.nullable(),
      from: z.int(),
      entries: z.array(ListEntryText),
      more: z.boolean(),
    }),
  ),
})
export type ListsPage = z.infer<typeof ListsPage>

export const DeviceRef = z.strictObject({ deviceId: DeviceId })

/** A new device asks to be taken into its account's list. */
export const RequestLink = z.strictObject({ request: LinkText })
export const LinkRequest = z.strictObject({ deviceId: DeviceId, request: LinkText, askedAt: Timestamp })
export type LinkRequest = z.infer<typeof LinkRequest>

export const AnswerLink = z.strictObject({ deviceId: DeviceId, answer: LinkText })
export type AnswerLink = z.infer<typeof AnswerLink>

// Chains

export const ChainHead = z.strictObject({
  /** The hash of entry 0: what an invite link names. */
  chain: HashText,
  index: z.int().min(0),
  hash: HashText,
})
export type ChainHead = z.infer<typeof ChainHead>

/** Entries made by others may be brought too, as when a server was restored. */
export const AppendToChain = z.strictObject({
  conversationId: ConversationId,
  entries: z.array(ChainEntryText).min(1).max(entriesPerAppendMax),
  /** Kept if the entries are taken, and not otherwise. */
  grants: z.array(GrantText).max(grantsPerCallMax).default([]),
  /** For a `join` where the policy is `password`. */
  password: z.string().min(1).max(passwordCharsMax).optional(),
})
export type AppendToChain = z.infer<typeof AppendToChain>

export const Appended = z.strictObject({ index: z.int().min(0), hash: HashText, position: Position })
export type Appended = z.infer<typeof Appended>

export const ReadChain = z.strictObject({
  conversationId: ConversationId,
  /** The first entry that is wanted. */
  from: z.int().min(0).default(0),
})
export type ReadChain = z.infer<typeof ReadChain>

export const ChainPage = z.strictObject({
  entries: z.array(z.strictObject({ index: z.int(), position: Position, entry: ChainEntryText })),
  more: z.boolean(),
})
export type ChainPage = z.infer<typeof ChainPage>

// Keys

export const GiveGrants = z.strictObject({
  conversationId: ConversationId,
  grants: z.array(GrantText).min(1).max(grantsPerCallMax),
})
export type GiveGrants = z.infer<typeof GiveGrants>

/** Grants to the device of this session, the oldest first; `after` is the `next` of the page before. */
export const ReadGrants = z.strictObject({
  conversationId: ConversationId.optional(),
  after: z.string().max(200).optional(),
  limit: pageLimit(pageItemsDefault, pageItemsMax),
})
export type ReadGrants = z.infer<typeof ReadGrants>

export const GrantsPage = z.strictObject({
  grants: z.array(z.strictObject({ conversationId: ConversationId, grant: GrantText })),
  next: z.string().nullable(),
})
export type GrantsPage = z.infer<typeof GrantsPage>

const epochs = { firstEpoch: z.int().min(0), lastEpoch: z.int().min(0) }
const inOrder = ({ firstEpoch, lastEpoch }: { firstEpoch: number; lastEpoch: number }) =>
  firstEpoch <= lastEpoch && lastEpoch - firstEpoch < epochsPerGrantMax

/** The device of this session lacks the keys of these epochs. Asking again takes the place of what was asked before. */
export const RequestKeys = z
  .strictObject({ conversationId: ConversationId, ...epochs })
  .refine(inOrder, { path: ['lastEpoch'], message: `must span 1 to ${epochsPerGrantMax} epochs` })
export type RequestKeys = z.infer<typeof RequestKeys>

export const KeyRequest = z.strictObject({
  conversationId: ConversationId,
  accountId: AccountId,
  deviceId: DeviceId,
  ...epochs,
  askedAt: Timestamp,
})
export type KeyRequest = z.infer<typeof KeyRequest>

// The backup

/** The account's own keys, or what belongs to a conversation. */
export const BackupPart = z.union([z.literal('account'), ConversationId])
export type BackupPart = z.infer<typeof BackupPart>

/** Refused unless its version is above that of the same part under the same key, or 1 where there is none. */
export const PutBackup = z.strictObject({
  part: BackupPart,
  keyId: BackupKeyId,
  version: z.int().min(1),
  sealed: BackupText,
})
export type PutBackup = z.infer<typeof PutBackup>

export const StoredBackup = z.strictObject({ part: BackupPart, keyId: BackupKeyId, version: z.int() })
export type StoredBackup = z.infer<typeof StoredBackup>

export const BackupRef = z.strictObject({ part: BackupPart, keyId: BackupKeyId })

/** Once all is there under a new key: everything under other keys is thrown away. */
export const SettleBackup = z.strictObject({ keyId: BackupKeyId })

// What the log says of all this, beside the entries of `stream.ts`

const entry = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ position: Position, kind: z.literal(kind), ...shape })

/** To everybody: an account's list has a new head. */
export const DeviceListEntry = entry('device-list', ListHead.shape)
/** To the conversation's members: its chain has a new entry. */
export const ChainLogEntry = entry('chain', {
  conversationId: ConversationId,
  index: z.int().min(0),
  entry: ChainEntryText,
})
/** To the account alone: keys for one of its devices. */
export const GrantsEntry = entry('grants', {
  conversationId: ConversationId,
  deviceId: DeviceId,
  grants: z.array(GrantText).min(1),
})
/** To the conversation's members: a device lacks keys. */
export const KeyRequestEntry = entry('key-request', KeyRequest.shape)
/** To the account alone. */
export const LinkRequestEntry = entry('link-request', LinkRequest.shape)
export const LinkAnswerEntry = entry('link-answer', AnswerLink.shape)
export const BackupEntry = entry('backup', StoredBackup.shape)
