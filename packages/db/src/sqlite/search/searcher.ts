import type { AccountId, ConversationId, MessageId } from '@parley/domain/ids'
import { pageCharsMax, searchWordsMax } from '@parley/domain/limits'
import type { SearchMessages } from '@parley/domain/messages'
import { messageIdOf } from '../handle.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'
import { blockPositions } from './index-file.ts'
import { plainTextOf } from './plain-text.ts'
import { authorToken, conversationToken, holds, matchOf, soughtIn } from './tokens.ts'
import type { Sought } from './tokens.ts'

export interface Found {
  json: string[]
  next: MessageId | null
}

type Candidate = [position: number, sentAt: number, json: string | null]

/** Newest first; the text comes only of what the reader may see now. */
const candidates = new RawQuery<
  [account: AccountId, match: string, from: number, before: number, limit: number],
  Candidate
>(
  `select m.position, m.sentAt, case when exists (
      select 1 from member where conversationId = m.conversationId and accountId = ?
    ) then m.json end
  from search.words w cross join message m on m.position = w.rowid
  where w.words match ? and w.rowid >= ? and w.rowid < ? order by w.rowid desc limit ?`,
  'array',
)

const numberOf = new RawQuery<[ConversationId, AccountId], number>(
  `select c.number from conversation c where c.id = ? and exists (
    select 1 from member where conversationId = c.id and accountId = ?)`,
  'value',
)
const authorNumber = new RawQuery<[AccountId], number>('select number from account where id = ?', 'value')
const countOfOwn = new RawQuery<[AccountId], number>(
  'select count(*) from member where accountId = ?',
  'value',
)
const ownConversations = new RawQuery<[AccountId], [number: number, messages: number]>(
  `select c.number, ifnull((
    select ordinal from message where conversationId = m.conversationId order by position desc limit 1
  ), 0) from member m join conversation c on c.id = m.conversationId where m.accountId = ?`,
  'array',
)
const blocksOf = new RawQuery<
  [sentAfter: number, sentBefore: number],
  [first: number | null, last: number | null]
>('select min(block), max(block) from search.span where sentTo >= ? and sentFrom < ?', 'array')

/** How many matches one search looks at; a reader who sees few of them goes on from there with the next page. */
const candidatesMax = 10_000
/**
 * Naming the reader's conversations in the query spares looking at matches that are not for it; but the more they are,
 * and the more is in them, the longer it takes. Measured with 1,000,000 messages.
 */
const namedConversationsMax = 64
const namedMessagesMax = 500_000

/** Searches on its own connection, in its own thread. Whom a message is for is looked up at that moment. */
export class Searcher {
  readonly #connection: Connection

  /** @param connection to the database, with the index attached as `search`. */
  constructor(connection: Connection) {
    this.#connection = connection
  }

  search(accountId: AccountId, query: SearchMessages): Found {
    this.#connection.exec('begin')
    try {
      return this.#search(accountId, query)
    } finally {
      this.#connection.exec('commit')
    }
  }

  #search(accountId: AccountId, query: SearchMessages): Found {
    const nothing: Found = { json: [], next: null }
    const sought = soughtIn(query.words)
    if (sought.words.length === 0 && sought.beginning === null) return nothing
    const filters = this.#filters(accountId, query)
    const span = this.#span(query)
    if (!filters || !span) return nothing
    const match = matchOf(sought, searchWordsMax, filters)
    return this.#gather(accountId, query, sought, match, span)
  }

  #gather(
    accountId: AccountId,
    query: SearchMessages,
    sought: Sought,
    match: string,
    span: { from: number; before: number },
  ): Found {
    const json: string[] = []
    const { sentAfter = 0, sentBefore = Infinity } = query
    let looked = 0
    let last = 0
    let chars = 0
    const rows = candidates
      .on(this.#connection)
      .iterate(accountId, match, span.from, span.before, candidatesMax)
    for (const [position, sentAt, found] of rows) {
      if (json.length === query.limit) return { json, next: messageIdOf(last) }
      looked += 1
      const before = last
      last = position
      if (found === null || sentAt < sentAfter || sentAt >= sentBefore) continue
      const text = plainTextOf(found)
      if (text === null || !holds(text, sought)) continue
      chars += found.length
      if (json.length > 0 && chars > pageCharsMax) return { json, next: messageIdOf(before) }
      json.push(found)
    }
    return { json, next: looked === candidatesMax ? messageIdOf(last) : null }
  }

  /** What must be true of a message beside its words; null when nothing can be found. */
  #filters(accountId: AccountId, query: SearchMessages): string[][] | null {
    const filters: string[][] = []
    if (query.authorId !== undefined) {
      const author = authorNumber.on(this.#connection).get(query.authorId)
      if (author === undefined) return null
      filters.push([authorToken(author)])
    }
    if (query.conversationId !== undefined) {
      const conversation = numberOf.on(this.#connection).get(query.conversationId, accountId)
      if (conversation === undefined) return null
      filters.push([conversationToken(conversation)])
      return filters
    }
    const own = this.#fewConversations(accountId)
    if (own?.length === 0) return null
    if (own) filters.push(own.map(conversationToken))
    return filters
  }

  #fewConversations(accountId: AccountId): number[] | null {
    const count = countOfOwn.on(this.#connection).get(accountId) ?? 0
    if (count > namedConversationsMax) return null
    const own = ownConversations.on(this.#connection).all(accountId)
    const messages = own.reduce((sum, [, inOne]) => sum + inOne, 0)
    return messages * count > namedMessagesMax ? null : own.map(([number]) => number)
  }

  /** The positions that a search is about; null when none is. */
  #span(query: SearchMessages): { from: number; before: number } | null {
    const before = query.before ?? Number.MAX_SAFE_INTEGER
    const { sentAfter, sentBefore } = query
    if (sentAfter === undefined && sentBefore === undefined) return { from: 0, before }
    const [first, last] = blocksOf
      .on(this.#connection)
      .get(sentAfter ?? 0, sentBefore ?? Number.MAX_SAFE_INTEGER) ?? [null, null]
    if (first === null || last === null) return null
    return { from: first * blockPositions, before: Math.min(before, (last + 1) * blockPositions) }
  }
}
