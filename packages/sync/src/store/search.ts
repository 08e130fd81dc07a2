import { JsonOf } from './json.ts'
import type { Message } from '@parley/domain/messages'
import { searchCharsMax, searchWordsMax } from '@parley/domain/limits'
import { mergePagesPerStep } from '../limits.ts'
import type { Connection } from './ciphers.ts'
import { Statement } from './statement.ts'

const messageJson = new JsonOf<Message>()

interface Wanted {
  readonly match: string
  readonly conversationId: string | null
  readonly authorId: string | null
  readonly sentAfter: number
  readonly sentBefore: number
  readonly before: number
  readonly limit: number
}

/** The time stands in the message alone, and is only looked at where it is asked for. */
const found = (times: string) =>
  new Statement<[Wanted], string>(
    `select m.json from messageWords w join message m on m.id = w.rowid
   where w.messageWords match @match and w.rowid < @before
     and (@conversationId is null or m.conversationId = @conversationId)
     and (@authorId is null or m.authorId = @authorId) ${times}
   order by w.rowid desc limit @limit`,
    'value',
  )
const atAnyTime = found('')
const betweenTimes = found(`and m.json ->> 'sentAt' >= @sentAfter and m.json ->> 'sentAt' < @sentBefore`)

/**
 * What people type, as a query of the index: all the words, the last one as the beginning of one, as it may still be
 * written on. Everything is quoted, so that nothing in it is taken for an operator. Null when there is no word in it.
 */
export function matchOf(words: string): string | null {
  const parts =
    words
      .slice(0, searchCharsMax)
      .match(/[\p{L}\p{N}\p{M}]+/gu)
      ?.slice(0, searchWordsMax) ?? []
  if (parts.length === 0) return null
  // What begins with one letter is half of everything, and takes long to gather.
  const isBeginning = (parts.at(-1)?.length ?? 0) > 1
  return parts.map((part) => `"${part}"`).join(' ') + (isBeginning ? '*' : '')
}

const merge = new Statement<[number]>(`insert into messageWords (messageWords, rank) values ('merge', ?)`)
const changes = new Statement<[], number>('select total_changes()', 'value')

/**
 * Merges a few pages of the index of words, where there are several segments of a size.
 * @returns false when there are not, and nothing was to do.
 */
export function mergeWords(connection: Connection, pages = mergePagesPerStep): boolean {
  const before = changes.on(connection).get() ?? 0
  merge.on(connection).run(pages)
  // As SQLite's documentation has it: less than two is that of the statement itself.
  return (changes.on(connection).get() ?? 0) - before >= 2
}

/** Newest first. */
export const searchHeld = (connection: Connection, wanted: Wanted): Message[] =>
  (wanted.sentAfter > 0 || wanted.sentBefore < Number.MAX_SAFE_INTEGER ? betweenTimes : atAnyTime)
    .on(connection)
    .all(wanted)
    .map((json) => messageJson.read(json))
