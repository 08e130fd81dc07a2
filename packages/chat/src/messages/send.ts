import type { Writing } from '@parley/db/stores'
import type { AccountId, AttachmentId, MessageId } from '@parley/domain/ids'
import type { Attachment, Content, SendMessage, Sent } from '@parley/domain/messages'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { directBetween } from '../conversations/make.ts'
import { standingFor } from '../conversations/standing.ts'
import { mustBeOfNow } from '../sealed/content.ts'

/**
 * Says something in a conversation. Sent again under the same client id, it returns what the first time did, also
 * when the account has left meanwhile (P2).
 * @throws Refusal `not-a-member`, `conversation-closed`, `content-mismatch` (plain in a sealed conversation or the other
 * way round), `not-found` for a message replied to, `attachment-missing`, `rate-limited`, `storage-full`.
 */
export async function sendMessage(chat: Chat, actor: Actor, input: SendMessage): Promise<Sent> {
  await chat.rates.take('send', actor.accountId)
  const { conversationId, ...sent } = await chat.db.write((tx) => insert(chat, tx, actor, input))
  if (!sent.repeated) chat.ownReads.sent(actor.accountId, conversationId, sent.messageId)
  return sent
}

/**
 * Says something to a person, in the direct conversation of the two; the first message makes it.
 * @throws Refusal as `sendMessage`; `not-found` for a person who does not exist, `invalid-input` for oneself.
 */
export async function sendToPerson(
  chat: Chat,
  actor: Actor,
  { accountId, ...message }: Omit<SendMessage, 'conversationId'> & { accountId: AccountId },
): Promise<Sent> {
  await chat.rates.take('send', actor.accountId)
  const { conversationId, ...sent } = await chat.db.write(async (tx) => {
    const direct =
      (await tx.conversations.directOf(actor.accountId, accountId)) ??
      (await directBetween(tx, actor, { accountId, sealed: false }, chat.clock.now()))
    return insert(chat, tx, actor, { ...message, conversationId: direct.id })
  })
  if (!sent.repeated) chat.ownReads.sent(actor.accountId, conversationId, sent.messageId)
  return sent
}

/** In the write itself: what was made for the message is not there either, where that is refused. */
async function insert(chat: Chat, tx: Writing, actor: Actor, input: SendMessage) {
  const inserted = await insertOnce(chat, tx, actor, input)
  if (inserted.conversationId === input.conversationId) return inserted
  throw new Refusal('invalid-input', 'This client id was used for a message in another conversation.', {
    field: 'clientMessageId',
  })
}

async function insertOnce(chat: Chat, tx: Writing, actor: Actor, input: SendMessage) {
  let attachments: Attachment[] | undefined
  try {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'send')
    mustFit(input.content, conversation.sealed)
    await mustBeOfNow(chat, tx, { actor, conversation }, { kind: 'send', content: input.content })
    if (input.replyTo !== undefined) await mustExist(tx, input, input.replyTo)
    if (input.attachments?.length) attachments = await attachmentsOf(tx, actor, input.attachments)
  } catch (refusal) {
    // What is refused today may have been sent long ago: nothing that changes later undoes the first time.
    const first = await tx.messages.byClientId(actor.accountId, input.clientMessageId)
    if (first) return first
    throw refusal
  }
  return tx.messages.insert({
    conversationId: input.conversationId,
    authorId: actor.accountId,
    clientMessageId: input.clientMessageId,
    sentAt: chat.clock.now(),
    ...(input.statedTime !== undefined && { statedTime: input.statedTime }),
    content: input.content,
    ...(input.replyTo !== undefined && { replyTo: input.replyTo }),
    ...mentionsOf(input),
    ...(attachments && { attachments }),
  })
}

export const mentionsOf = (input: {
  mentions?: AccountId[] | undefined
  mentionsEveryone?: boolean | undefined
}) => ({
  ...(input.mentions?.length && { mentions: [...new Set(input.mentions)] }),
  ...(input.mentionsEveryone && { mentionsEveryone: true as const }),
})

/** @throws Refusal `content-mismatch` */
export function mustFit(content: Content, sealed: boolean): void {
  if ((content.kind === 'sealed') === sealed) return
  throw new Refusal(
    'content-mismatch',
    sealed ? 'This conversation takes sealed content only.' : 'This conversation takes plain content only.',
    { field: 'content.kind' },
  )
}

async function mustExist(tx: Writing, { conversationId }: SendMessage, replyTo: MessageId): Promise<void> {
  if (await tx.messages.get(conversationId, replyTo)) return
  throw new Refusal('not-found', 'The message replied to is not in this conversation.', { field: 'replyTo' })
}

/** An account can send what it uploaded, and pass on what it may read. */
async function attachmentsOf(tx: Writing, actor: Actor, ids: readonly AttachmentId[]): Promise<Attachment[]> {
  const attachments: Attachment[] = []
  for (const attachmentId of new Set(ids)) {
    const row = await tx.attachments.get(attachmentId)
    if (!row || !(await tx.attachments.mayRead(attachmentId, actor.accountId))) {
      throw new Refusal('attachment-missing', 'An attachment is not there, or not yours to send.', {
        field: 'attachments',
      })
    }
    attachments.push({ id: row.id, name: row.name, mediaType: row.mediaType, bytes: row.bytes })
  }
  return attachments
}
