import { z } from 'zod'
import { AccountId, AttachmentId, ClientMessageId, ConversationId, MessageId, Timestamp } from './ids.ts'
import {
  attachmentBytesMax,
  attachmentNameCharsMax,
  attachmentsPerMessageMax,
  emojiCharsMax,
  mentionsPerMessageMax,
  messageTextCharsMax,
  pageItemsDefault,
  pageItemsMax,
  sealedContentBytesMax,
  sealedReactionChars,
  searchCharsMax,
} from './limits.ts'
import { lineOf, opaqueOf, pageLimit, textOf } from './text.ts'

export const PlainContent = z.strictObject({ kind: z.literal('plain'), text: textOf(messageTextCharsMax) })

/** Opaque to the server: what is in it, and whether it opens, only the devices of the members know (P8). */
export const SealedContent = z.strictObject({
  kind: z.literal('sealed'),
  sealed: opaqueOf(sealedContentBytesMax).min(1),
})

export const Content = z.discriminatedUnion('kind', [PlainContent, SealedContent])
export type Content = z.infer<typeof Content>

/** What is left of a message that was deleted. */
export const DeletedContent = z.strictObject({ kind: z.literal('deleted'), by: AccountId, at: Timestamp })

export const Attachment = z.strictObject({
  id: AttachmentId,
  name: z.string().min(1).max(attachmentNameCharsMax),
  mediaType: z.string().max(127),
  bytes: z.int().min(0).max(attachmentBytesMax),
})
export type Attachment = z.infer<typeof Attachment>

export const Reaction = z.strictObject({ emoji: z.string(), accountIds: z.array(AccountId) })
export type Reaction = z.infer<typeof Reaction>

/**
 * A time that a client gives with its message: when it was written, which may be long before it could be sent. Comes
 * back as it was given; nothing is ordered by it.
 */
export const StatedTime = z.union([z.string().max(64), z.number()])

export const Message = z.strictObject({
  id: MessageId,
  conversationId: ConversationId,
  authorId: AccountId,
  clientMessageId: ClientMessageId,
  /** Counts the messages of its conversation, from 1 and without gaps. */
  ordinal: z.int().min(1),
  sentAt: Timestamp,
  statedTime: StatedTime.optional(),
  content: z.union([Content, DeletedContent]),
  replyTo: MessageId.optional(),
  mentions: z.array(AccountId).optional(),
  mentionsEveryone: z.literal(true).optional(),
  attachments: z.array(Attachment).optional(),
  reactions: z.array(Reaction).optional(),
  editedAt: Timestamp.optional(),
})
export type Message = z.infer<typeof Message>

const Mentions = {
  mentions: z.array(AccountId).max(mentionsPerMessageMax).optional(),
  mentionsEveryone: z.boolean().optional(),
}

/** A message says something or carries something. */
const saysSomething = (message: { content: Content; attachments?: readonly unknown[] | undefined }) =>
  message.content.kind === 'sealed' ||
  message.content.text.trim() !== '' ||
  (message.attachments?.length ?? 0) > 0

export const SendMessage = z
  .strictObject({
    conversationId: ConversationId,
    clientMessageId: ClientMessageId,
    content: Content,
    replyTo: MessageId.optional(),
    attachments: z.array(AttachmentId).max(attachmentsPerMessageMax).optional(),
    statedTime: StatedTime.optional(),
    ...Mentions,
  })
  .refine(saysSomething, { path: ['content'], message: 'must hold text, or the message an attachment' })
export type SendMessage = z.infer<typeof SendMessage>

/** Where the message came to stand. `repeated`: the same id was sent before, and this is what became of it then. */
export const Sent = z.strictObject({
  messageId: MessageId,
  ordinal: z.int().min(1),
  sentAt: Timestamp,
  repeated: z.boolean(),
})
export type Sent = z.infer<typeof Sent>

export const MessageRef = z.strictObject({ conversationId: ConversationId, messageId: MessageId })
export type MessageRef = z.infer<typeof MessageRef>

export const EditMessage = z.strictObject({ ...MessageRef.shape, content: Content, ...Mentions })
export type EditMessage = z.infer<typeof EditMessage>

export const Emoji = lineOf(emojiCharsMax, 1)

/** In a sealed conversation the emoji is sealed: `SealedReaction`. */
export const React = z.strictObject({
  ...MessageRef.shape,
  emoji: lineOf(sealedReactionChars, 1),
  on: z.boolean(),
})
export type React = z.infer<typeof React>

/**
 * A page of a conversation's messages. Without an anchor the newest; `before` and `after` leave the anchor out,
 * `around` puts it in the middle. An anchor need not be a message of the conversation: it is a position.
 */
export const HistoryPage = z
  .strictObject({
    conversationId: ConversationId,
    before: MessageId.optional(),
    after: z.int().min(0).optional(),
    around: MessageId.optional(),
    limit: pageLimit(pageItemsDefault, pageItemsMax),
  })
  .refine(
    (page) => [page.before, page.after, page.around].filter((anchor) => anchor !== undefined).length <= 1,
    {
      message: 'takes one of before, after and around',
    },
  )
export type HistoryPage = z.infer<typeof HistoryPage>

/** Oldest first. */
export const History = z.strictObject({
  messages: z.array(Message),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
})
export type History = z.infer<typeof History>

/** The first message sent at or after a time: what "jump to a date" needs. */
export const MessageAtTime = z.strictObject({ conversationId: ConversationId, at: Timestamp })

export const SearchMessages = z.strictObject({
  words: lineOf(searchCharsMax, 1),
  conversationId: ConversationId.optional(),
  authorId: AccountId.optional(),
  sentAfter: Timestamp.optional(),
  sentBefore: Timestamp.optional(),
  /** Finds older ones than this: the last id of the page before. */
  before: MessageId.optional(),
  limit: pageLimit(20, 100),
})
export type SearchMessages = z.infer<typeof SearchMessages>

/** Newest first. */
export const SearchResult = z.strictObject({
  messages: z.array(Message),
  /** Hand it back as `before`; null when there is no more. */
  next: MessageId.nullable(),
})
export type SearchResult = z.infer<typeof SearchResult>

export const MarkRead = z.strictObject({ conversationId: ConversationId, messageId: MessageId })
export type MarkRead = z.infer<typeof MarkRead>

export const Typing = z.strictObject({ conversationId: ConversationId })
