import type {
  AccountId,
  ClientMessageId,
  ConversationId,
  MessageId,
  Position,
  Timestamp,
} from '@parley/domain/ids'
import { Message } from '@parley/domain/messages'
import type { SearchMessages, Sent } from '@parley/domain/messages'
import type { HistoryAnchor, MessagePage, MessageReads, MessageWrites, NewMessage } from '../../stores.ts'
import { messageIdOf } from '../handle.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { messageChangedJson, messageJson } from '../entry-json.ts'
import type { Connection } from '../raw-query.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { entry } from '../schema/log.ts'
import { readHistory } from './history.ts'
import { bindMessage, unbindMessage } from './message-bindings.ts'
import { firstSentSince } from './sent-time.ts'

const byId = new RawQuery<[ConversationId, MessageId], string>(
  // The + keeps SQLite to the primary key.
  'select json from message where +conversationId = ? and position = ?',
  'value',
)

type Place = [position: number, ordinal: number, sentAt: Timestamp, conversationId: ConversationId]

const byClientId = new RawQuery<[ClientMessageId, AccountId], Place>(
  'select position, ordinal, sentAt, conversationId from message where clientMessageId = ? and authorId = ?',
  'array',
)

const lastOrdinal = new RawQuery<[ConversationId], number>(
  'select ordinal from message where conversationId = ? order by position desc limit 1',
  'value',
)

const insertMessage = new RawQuery<
  [Position, ConversationId, AccountId, ClientMessageId, ordinal: number, Timestamp, json: string]
>(`insert into message (position, conversationId, authorId, clientMessageId, ordinal, sentAt, json)
  values (?, ?, ?, ?, ?, ?, ?) on conflict (clientMessageId, authorId) do nothing`)

const updateMessage = new RawQuery<[json: string, MessageId]>(
  'update message set json = ? where position = ?',
)

const insertEntry = insertOf(entry)

const firstResult = (connection: Connection, authorId: AccountId, id: ClientMessageId) => {
  const place = byClientId.on(connection).get(id, authorId)
  if (!place) return null
  const [position, ordinal, sentAt, conversationId] = place
  return { messageId: messageIdOf(position), ordinal, sentAt, repeated: true, conversationId }
}

export class MessageReading<Handle extends ReadHandle = ReadHandle> implements MessageReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async page(conversationId: ConversationId, anchor: HistoryAnchor, limit: number): Promise<MessagePage> {
    return readHistory(this.handle.connection, conversationId, anchor, limit)
  }

  async get(conversationId: ConversationId, id: MessageId): Promise<Message | null> {
    const json = byId.on(this.handle.connection).get(conversationId, id)
    return json === undefined ? null : Message.parse(JSON.parse(json))
  }

  async byClientId(
    authorId: AccountId,
    id: ClientMessageId,
  ): Promise<(Sent & { conversationId: ConversationId }) | null> {
    return firstResult(this.handle.connection, authorId, id)
  }

  async atTime(conversationId: ConversationId, at: Timestamp): Promise<MessageId | null> {
    return firstSentSince(this.handle.connection, conversationId, at)
  }

  async search(accountId: AccountId, query: SearchMessages): ReturnType<MessageReads['search']> {
    return this.handle.search(accountId, query)
  }
}

export class MessageWriting extends MessageReading<WriteHandle> implements MessageWrites {
  async insert(message: NewMessage): Promise<Sent & { conversationId: ConversationId }> {
    const { connection } = this.handle
    const { conversationId, authorId, clientMessageId, sentAt } = message
    const position = this.handle.nextPosition()
    const last = this.handle.lastOrdinal(
      conversationId,
      () => lastOrdinal.on(connection).get(conversationId) ?? 0,
    )
    const ordinal = last + 1
    const messageId = messageIdOf(position)
    const json = JSON.stringify({ id: messageId, ...message, ordinal })
    const { changes } = insertMessage
      .on(connection)
      .run(position, conversationId, authorId, clientMessageId, ordinal, sentAt, json)
    if (changes === 0) {
      const first = firstResult(connection, authorId, clientMessageId)
      if (!first) throw new Error(`Message ${clientMessageId} is neither new nor known`)
      return first
    }
    this.handle.setLastOrdinal(conversationId, ordinal)
    bindMessage(connection, messageId, message)
    const line = messageJson(position, json)
    this.handle.logged({ position, channel: conversationId, kind: 'message', subject: null, json: line })
    return { messageId, ordinal, sentAt, repeated: false, conversationId }
  }

  async replace(message: Message): Promise<Position> {
    const { connection } = this.handle
    const { id, conversationId } = message
    const json = JSON.stringify(message)
    if (byId.on(connection).get(conversationId, id) === undefined)
      throw new Error(`There is no message ${id}`)
    updateMessage.on(connection).run(json, id)
    unbindMessage(connection, id)
    bindMessage(connection, id, message)
    const position = this.handle.nextPosition()
    const kind = 'message-changed'
    insertEntry
      .on(connection)
      .run({ position, channel: conversationId, kind, subject: null, messagePosition: id, body: null })
    const line = messageChangedJson(position, json)
    this.handle.logged({ position, channel: conversationId, kind, subject: null, json: line })
    return position
  }
}
