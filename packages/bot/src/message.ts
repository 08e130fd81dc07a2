import type { AccountId, ConversationId, MessageId } from '@parley/domain/ids'
import type { Engine } from '@parley/sync/engine'
import type { AttachmentView, TimelineMessage } from '@parley/sync/views'

/** A message as it is handed over. */
export interface BotMessage {
  /** Its place in the log. A server that is put back to an older state may give it another. */
  readonly id: MessageId
  /** Its name, for ever: the same however often it is handed over. */
  readonly key: string
  readonly conversationId: ConversationId
  readonly authorId: AccountId
  /** The author's name to show; null of somebody who is not known. */
  readonly author: string | null
  /** Whether the author is a bot. */
  readonly fromBot: boolean
  /** Markdown, as it was written; it may be empty where there are attachments. */
  readonly text: string
  /** Whether the bot itself is mentioned. */
  readonly mentionsMe: boolean
  readonly mentions: readonly AccountId[]
  /** The message that it answers. */
  readonly replyTo: MessageId | null
  /** `bot.engine.attachment(id, message.id)` brings the bytes. */
  readonly attachments: readonly AttachmentView[]
  /** The server's time, in milliseconds since 1970. */
  readonly sentAt: number
  /** Whether it came sealed. */
  readonly sealed: boolean
  /** Whether it could not be opened in its turn, and is handed over after ones that were said later. */
  readonly late: boolean
}

/** A message that has an id and words. */
export type Readable = TimelineMessage & {
  readonly id: MessageId
  readonly content: { readonly kind: 'plain' }
}

export const isReadable = (item: TimelineMessage): item is Readable =>
  item.id !== null && item.content.kind === 'plain'

export async function messageOf(
  engine: Engine,
  conversationId: ConversationId,
  item: Readable,
  late: boolean,
): Promise<BotMessage> {
  // Everybody comes in the background; who is not here yet is among the members.
  if (!engine.person(item.authorId)) await engine.loadMembers(conversationId)
  const person = engine.person(item.authorId)
  return {
    id: item.id,
    key: item.key,
    conversationId,
    authorId: item.authorId,
    author: person?.displayName ?? null,
    fromBot: person?.bot ?? false,
    text: item.content.text,
    mentionsMe: item.mentionsMe,
    mentions: item.mentions,
    replyTo: typeof item.replyTo === 'number' ? item.replyTo : null,
    attachments: item.attachments,
    sentAt: item.sentAt,
    sealed: item.sealed,
    late,
  }
}
