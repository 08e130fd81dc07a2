import { randomUUIDv7 } from 'node:crypto'
import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { standingFor } from '@parley/chat/conversations/standing'
import { getHistory } from '@parley/chat/messages/history'
import { sendMessage } from '@parley/chat/messages/send'
import { ClientMessageId, type ConversationId, type MessageId } from '@parley/domain/ids'
import { type Message, SendMessage, type Sent } from '@parley/domain/messages'
import { fromOpaque, toOpaque } from './opaque.ts'

export const newClientMessageId = () => ClientMessageId.parse(randomUUIDv7())

/**
 * Says a text in a conversation, in the form that the conversation takes.
 * @throws Refusal as `sendMessage`; ZodError for a text that is none, or too long.
 */
export async function sayText(
  chat: Chat,
  actor: Actor,
  said: { conversationId: ConversationId; text: string; statedTime?: string | number },
): Promise<Sent> {
  const { conversationId, text, ...rest } = said
  const { conversation } = await standingFor(chat.db.read, actor, conversationId, 'send')
  const content = conversation.sealed ? { kind: 'sealed', sealed: toOpaque(text) } : { kind: 'plain', text }
  const clientMessageId = newClientMessageId()
  return sendMessage(chat, actor, SendMessage.parse({ conversationId, clientMessageId, content, ...rest }))
}

/** What a message says, as a note's program gets it; null for what was deleted. */
export function textOf({ content }: Message): string | null {
  if (content.kind === 'deleted') return null
  return content.kind === 'plain' ? content.text : fromOpaque(content.sealed)
}

/** As it was given, or when it came. */
export const timeOf = ({ statedTime, sentAt }: Message): string | number => statedTime ?? sentAt

/** A page of a conversation's messages, oldest first: the newest, or those after one. @throws Refusal `not-a-member` */
export async function messagesOf(
  chat: Chat,
  actor: Actor,
  page: { conversationId: ConversationId; after?: MessageId | 0; limit: number },
): Promise<{ messages: Message[]; hasNewer: boolean }> {
  return (await getHistory(chat, actor, page)).toJSON()
}
