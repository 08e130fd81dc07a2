import { AccountId, ClientMessageId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import type { Person } from '@parley/domain/accounts'
import type { Message } from '@parley/domain/messages'
import type { Entry, Snapshot } from '@parley/domain/stream'
import type { Followed, ServerPort } from '@parley/sync/ports'

export interface HistoryOptions {
  /** Of all conversations together. */
  readonly messages: number
  readonly conversations: number
  /** How many of them are in the first conversation; the others share the rest evenly. */
  readonly inFirst: number
}

const entriesPerEvent = 500
const wordsPerMessage = 12
const vocabularyWords = 20_000
/** Between two messages, so that a long history has many days. */
const messageEveryMs = 30_000
const beginsAt = Date.UTC(2024, 0, 1)

const vocabulary = Array.from({ length: vocabularyWords }, (_, index) =>
  ((index * 7919 * 46_657) % 60_466_169).toString(36),
)

/**
 * Years of messages that nobody had to send: what a store is filled from where its size is what matters. The same
 * numbers always give the same history.
 */
export class LongHistory {
  readonly me = AccountId.parse('aada____________')
  readonly options: HistoryOptions
  /** Of the conversations that are not the first, one message each, and then one of the first. */
  readonly #firstEvery: number

  constructor(options: HistoryOptions) {
    this.options = options
    this.#firstEvery = Math.max(1, Math.floor(options.messages / options.inFirst))
  }

  conversationId(index: number): ConversationId {
    return ConversationId.parse(`c${String(index).padStart(15, '0')}`)
  }

  nameOf(index: number): string {
    return index === 0 ? 'Everything since 2024' : `Group ${String(index)}`
  }

  /** A word of this history; the lower the number, the more often it was said. */
  word(number: number): string {
    return vocabulary[number % vocabularyWords] ?? ''
  }

  message(position: number): Message {
    const { conversations } = this.options
    const inFirst = position % this.#firstEvery === 0
    const firsts = Math.floor(position / this.#firstEvery)
    const other = position - firsts - 1
    const index = inFirst ? 0 : 1 + (other % (conversations - 1))
    return {
      id: MessageId.parse(position),
      conversationId: this.conversationId(index),
      authorId: this.#person(Math.floor(position / 3) % 7).id,
      clientMessageId: ClientMessageId.parse(`message-${String(position)}`),
      ordinal: inFirst ? firsts : Math.floor(other / (conversations - 1)) + 1,
      sentAt: beginsAt + position * messageEveryMs,
      content: { kind: 'plain', text: this.#text(position) },
    }
  }

  /** A server that has messages up to a position, brings them to who follows, and answers nothing else. */
  serverUpTo(last: number): ServerPort {
    const never = () => new Promise<never>(() => {})
    const ended = Promise.withResolvers<void>()
    return {
      state: { kind: 'online' },
      snapshot: () => Promise.resolve(this.#snapshot()),
      people: () => Promise.resolve({ people: this.#people(), next: null }),
      mine: never,
      page: never,
      message: never,
      messageAtTime: never,
      members: never,
      search: never,
      typing: never,
      upload: never,
      download: never,
      perform: never,
      follow: ({ cursor }) => this.#follow(cursor, last, ended.promise),
      retryNow() {},
      close: async () => ended.resolve(),
    }
  }

  async *#follow(cursor: number, last: number, ended: Promise<void>): AsyncGenerator<Followed> {
    for (let position = cursor + 1; position <= last; position += entriesPerEvent) {
      const until = Math.min(last, position + entriesPerEvent - 1)
      const entries: Entry[] = []
      for (let each = position; each <= until; each += 1) {
        entries.push({ kind: 'message', position: Position.parse(each), message: this.message(each) })
      }
      yield { kind: 'entries', entries, cursor: until }
    }
    yield { kind: 'live', cursor: last }
    await ended
  }

  #text(position: number): string {
    const words = Array.from({ length: wordsPerMessage }, (_, index) =>
      this.word(Math.floor(((position * 31 + index * 977) % vocabularyWords) ** 1.1)),
    )
    // Now and then something with marks, a link, or code, as people write.
    if (position % 11 === 0) words[2] = `**${words[2] ?? ''}**`
    if (position % 17 === 0) words[4] = `https://example.org/${words[4] ?? ''}`
    if (position % 29 === 0) words[6] = `\`${words[6] ?? ''}\``
    return words.join(' ')
  }

  #person(index: number): Person {
    const id = index === 0 ? this.me : AccountId.parse(`a${String(index).padStart(15, '0')}`)
    const username = index === 0 ? 'ada' : `person${String(index)}`
    return {
      id,
      username,
      displayName: index === 0 ? 'Ada' : `Person ${String(index)}`,
      name: '',
      lastName: '',
      bot: false,
      disabled: false,
    }
  }

  #people() {
    return Array.from({ length: 7 }, (_, index) => ({
      ...this.#person(index),
      online: false,
      lastSeenAt: null,
    }))
  }

  #snapshot(): Snapshot {
    return {
      cursor: Position.parse(0),
      logId: 'long-history',
      me: { ...this.#person(0), operator: false, ownerId: null, hasPassword: true, createdAt: beginsAt },
      conversations: Array.from({ length: this.options.conversations }, (_, index) => ({
        conversation: {
          id: this.conversationId(index),
          kind: 'group',
          name: this.nameOf(index),
          description: '',
          joinPolicy: 'closed',
          listed: false,
          sealed: false,
          founderId: this.#person(1).id,
          createdAt: beginsAt,
          closedAt: null,
        },
        role: 'member',
        memberCount: 7,
        lastMessage: null,
        readUpTo: 0,
        unread: 0,
        mentions: 0,
      })),
      next: null,
      requests: { toDecide: [], mine: [], invitations: [] },
    }
  }
}
