import { z } from 'zod'
import { clientConversationIdCharsMax, clientMessageIdCharsMax } from './limits.ts'

/** Ids that the server makes say what they name by their first letter; the rest is 90 random bits or more. */
const idOf = <Name extends string>(letter: string, name: Name) =>
  z
    .string()
    .regex(
      new RegExp(`^${letter}[A-Za-z0-9_-]{15}$`),
      `must be ${name}: "${letter}" and 15 characters of base64url`,
    )
    .brand<Name>()

export const AccountId = idOf('a', 'AccountId')
export type AccountId = z.infer<typeof AccountId>

export const ConversationId = idOf('c', 'ConversationId')
export type ConversationId = z.infer<typeof ConversationId>

export const SessionId = idOf('s', 'SessionId')
export type SessionId = z.infer<typeof SessionId>

/** Not random: it follows from the device's keys and its account, so it cannot be given to other keys. */
export const DeviceId = idOf('d', 'DeviceId')
export type DeviceId = z.infer<typeof DeviceId>

export const AttachmentId = idOf('f', 'AttachmentId')
export type AttachmentId = z.infer<typeof AttachmentId>

export const InviteLinkId = idOf('i', 'InviteLinkId')
export type InviteLinkId = z.infer<typeof InviteLinkId>

/**
 * A place in the log. Positions strictly increase in the order of commits (P3), and they say nothing of time.
 * A cursor is the position that a reader has reached; 0 stands before the first entry.
 */
export const Position = z.int().min(0).max(Number.MAX_SAFE_INTEGER).brand<'Position'>()
export type Position = z.infer<typeof Position>

/** A message is named by the position of the entry that brought it. */
export const MessageId = z.int().min(1).max(Number.MAX_SAFE_INTEGER).brand<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>

const clientIdOf = <Name extends string>(charsMax: number, _name: Name) =>
  z
    .string()
    .min(1)
    .max(charsMax)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .brand<Name>()

/**
 * The name that its author's program gave a message before sending it; with the author it is unique for ever (P2).
 * UUIDv7 is what our own programs use: the ids of one moment lie side by side in the index that holds the promise.
 */
export const ClientMessageId = clientIdOf(clientMessageIdCharsMax, 'ClientMessageId')
export type ClientMessageId = z.infer<typeof ClientMessageId>

/** The name that its maker's program gave a group before it was made; with the maker it is unique for ever (P2). */
export const ClientConversationId = clientIdOf(clientConversationIdCharsMax, 'ClientConversationId')
export type ClientConversationId = z.infer<typeof ClientConversationId>

/** Milliseconds since 1970 by the server's clock: for showing, never for ordering. */
export const Timestamp = z.int().min(0).max(8_640_000_000_000_000)
export type Timestamp = z.infer<typeof Timestamp>
