import { wordsOf } from '../folding.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'
import { blockPositions, indexedUpTo, setIndexedUpTo } from './index-file.ts'
import { plainTextOf } from './plain-text.ts'
import { authorToken, conversationToken } from './tokens.ts'

type Source = [position: number, sentAt: number, json: string, conversation: number, author: number]

const columns = `m.position, m.sentAt, m.json, c.number, a.number from message m
  cross join conversation c on c.id = m.conversationId cross join account a on a.id = m.authorId`

const messagesIn = new RawQuery<[after: number, upTo: number], Source>(
  `select ${columns} where m.position > ? and m.position <= ? order by m.position`,
  'array',
)
const messageAt = new RawQuery<[position: number], Source>(`select ${columns} where m.position = ?`, 'array')
const changedIn = new RawQuery<[after: number, upTo: number], number>(
  `select distinct messagePosition from entry
  where position > ? and position <= ? and messagePosition is not null order by messagePosition`,
  'value',
)

const removeWords = new RawQuery<[position: number]>('delete from words where rowid = ?')
const insertWords = new RawQuery<[position: number, text: string]>(
  'insert into words (rowid, text) values (?, ?)',
)
const widenSpan = new RawQuery<[block: number, sentAt: number, sentAt: number]>(
  `insert into span (block, sentFrom, sentTo) values (?, ?, ?) on conflict (block) do update set
    sentFrom = min(sentFrom, excluded.sentFrom), sentTo = max(sentTo, excluded.sentTo)`,
)

/** How many positions one transaction of the index covers: some 10 ms. */
const stepPositions = 512

/**
 * Follows the log, as its readers do, and keeps the index to what the messages say. Where it has come to is stored with
 * the index in one transaction, so that a crash at any moment loses nothing and doubles nothing.
 */
export class Indexer {
  readonly #database: Connection
  readonly #index: Connection
  #cursor: number

  constructor(database: Connection, index: Connection) {
    this.#database = database
    this.#index = index
    this.#cursor = indexedUpTo(index)
  }

  get cursor(): number {
    return this.#cursor
  }

  /** Does one step towards `head`. @returns whether that was the last. */
  step(head: number): boolean {
    if (this.#cursor >= head) return true
    const end = Math.min(head, this.#cursor + stepPositions)
    this.#database.exec('begin')
    try {
      this.#index.transaction(() => this.#take(end))()
    } finally {
      this.#database.exec('commit')
    }
    this.#cursor = end
    return end === head
  }

  #take(end: number): void {
    const added = messagesIn.on(this.#database).all(this.#cursor, end)
    for (const source of added) this.#write(source)
    for (const position of changedIn.on(this.#database).all(this.#cursor, end)) {
      if (position > this.#cursor) continue
      removeWords.on(this.#index).run(position)
      const source = messageAt.on(this.#database).get(position)
      if (source) this.#write(source)
    }
    this.#widen(added)
    setIndexedUpTo(this.#index, end)
  }

  #write([position, , json, conversation, author]: Source): void {
    const text = plainTextOf(json)
    if (text === null) return
    const tokens = [...new Set(wordsOf(text)), conversationToken(conversation), authorToken(author)]
    insertWords.on(this.#index).run(position, tokens.join(' '))
  }

  #widen(added: readonly Source[]): void {
    const spans = new Map<number, { from: number; to: number }>()
    for (const [position, sentAt] of added) {
      const block = Math.floor(position / blockPositions)
      const span = spans.get(block)
      spans.set(block, {
        from: Math.min(span?.from ?? sentAt, sentAt),
        to: Math.max(span?.to ?? sentAt, sentAt),
      })
    }
    for (const [block, { from, to }] of spans) widenSpan.on(this.#index).run(block, from, to)
  }
}
