import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import type { ConversationId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { polledMessagesMax } from './limits.ts'
import { messagesOf, textOf } from './saying.ts'

/**
 * The most recent messages of rooms as note 004 lists them, as JSON. Thousands of polls of a room are let go by one
 * post, and all get the same list: it is read and written down once for all that ask in the same turn.
 */
export class Recent {
  readonly #chat: Chat
  #thisTurn = new Map<string, Promise<Buffer>>()

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /** @param at a position that the list has to have come to. @param actor a member of the room. */
  of(actor: Actor, room: ConversationId, at: number): Promise<Buffer> {
    if (this.#thisTurn.size === 0) setImmediate(() => (this.#thisTurn = new Map()))
    const key = `${room} ${at}`
    const list = this.#thisTurn.get(key) ?? this.#read(actor, room)
    this.#thisTurn.set(key, list)
    return list
  }

  async #read(actor: Actor, room: ConversationId): Promise<Buffer> {
    const { messages } = await messagesOf(this.#chat, actor, {
      conversationId: room,
      limit: polledMessagesMax,
    })
    const authors = await this.#chat.db.read.accounts.many([
      ...new Set(messages.map((message) => message.authorId)),
    ])
    const names = new Map(authors.map(({ id, username }) => [id, username]))
    const listed = messages.flatMap((message) =>
      listedAs(message, names.get(message.authorId) ?? message.authorId),
    )
    return Buffer.from(JSON.stringify(listed))
  }
}

function listedAs(message: Message, username: string): object[] {
  const text = textOf(message)
  if (text === null) return []
  const { id, conversationId: chatroomid, authorId: userid, sentAt: timestamp } = message
  return [{ id, chatroomid, userid, username, message: text, timestamp }]
}
