import type { MessageId, Position } from '@parley/domain/ids'
import { feedPageBytesMax, feedPageEntriesMax, feedPositionsPerStepMax } from '@parley/domain/limits'
import { everybody } from '../../stores.ts'
import type { LogPage, LogScope } from '../../stores.ts'
import { messageChangedJson, messageJson } from '../entry-json.ts'
import { positionOf } from '../handle.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'

type Span = [after: number, upTo: number]

const messagesIn = new RawQuery<Span, [position: number, channel: string]>(
  'select position, conversationId from message where position > ? and position <= ? order by position',
  'array',
)
const entriesIn = new RawQuery<Span, [position: number, channel: string]>(
  'select position, channel from entry where position > ? and position <= ? order by position',
  'array',
)
const messagesOf = new RawQuery<[channel: string, ...Span, limit: number], number>(
  'select position from message where conversationId = ? and position > ? and position <= ? order by position limit ?',
  'value',
)
const entriesOf = new RawQuery<[channel: string, ...Span, limit: number], number>(
  'select position from entry where channel = ? and position > ? and position <= ? order by position limit ?',
  'value',
)
const messageAt = new RawQuery<[position: number], string>(
  'select json from message where position = ?',
  'value',
)
const entryAt = new RawQuery<[position: number], [messagePosition: MessageId | null, body: string | null]>(
  'select messagePosition, body from entry where position = ?',
  'array',
)

/** Passing over a position in order costs about a twelfth of looking for a channel's next one in two indexes. */
const positionsPerSeek = 12
/** Beyond this many conversations, looking into each would hold up the others. */
const seekConversationsMax = 1_000
/** How many positions of a channel are looked up at once. */
const seekPositions = 32

/** Where each channel that the reader sees begins for it. */
type Visible = ReadonlyMap<string, number>

/** Positions of one table, in order; `upTo` when that is all there is before it. */
interface Found {
  messages: number[]
  entries: number[]
  upTo: number
}

export const readLogPage = (
  connection: Connection,
  scope: LogScope,
  after: Position,
  upTo: Position,
): LogPage => {
  if (upTo <= after) return { json: [], upTo: after }
  const visible = visibleIn(scope)
  const few = visible.size <= seekConversationsMax && upTo - after > visible.size * positionsPerSeek
  const found = few
    ? seek(connection, visible, after, upTo)
    : scan(connection, visible, after, Math.min(upTo, after + feedPositionsPerStepMax))
  return fill(connection, found)
}

const visibleOf = new WeakMap<LogScope['conversations'], Map<string, number>>()

/** A reader that catches up hands in the same list of conversations page after page. */
const visibleIn = (scope: LogScope): Visible => {
  const known = visibleOf.get(scope.conversations)
  if (known?.has(scope.accountId) === true) return known
  const visible = new Map<string, number>([
    [scope.accountId, 0],
    [everybody, 0],
  ])
  for (const { conversationId, joinedPosition } of scope.conversations)
    visible.set(conversationId, joinedPosition)
  visibleOf.set(scope.conversations, visible)
  return visible
}

/** Reads every position of a span, and keeps those that the reader may see: for readers that see much of the log. */
const scan = (connection: Connection, visible: Visible, after: number, upTo: number): Found => {
  const keep = (rows: Iterable<[position: number, channel: string]>): number[] => {
    const kept: number[] = []
    for (const [position, channel] of rows) {
      const joined = visible.get(channel)
      if (joined === undefined || position <= joined) continue
      kept.push(position)
      if (kept.length === feedPageEntriesMax) break
    }
    return kept
  }
  const messages = keep(messagesIn.on(connection).iterate(after, upTo))
  const entries = keep(entriesIn.on(connection).iterate(after, upTo))
  const reached = (positions: number[]) =>
    positions.length === feedPageEntriesMax ? (positions.at(-1) ?? upTo) : upTo
  return { messages, entries, upTo: Math.min(reached(messages), reached(entries)) }
}

interface Source {
  readonly channel: string
  readonly table: 'messages' | 'entries'
  positions: number[]
  at: number
}

/** Looks each channel's next positions up in the indexes, and merges them: for readers that see little of the log. */
const seek = (connection: Connection, visible: Visible, after: number, upTo: number): Found => {
  const lookUp = (table: Source['table'], channel: string, from: number, limit: number) =>
    (table === 'messages' ? messagesOf : entriesOf).on(connection).all(channel, from, upTo, limit)
  const sources: Source[] = []
  for (const [channel, joined] of visible) {
    const from = Math.max(after, joined)
    for (const table of ['messages', 'entries'] as const) {
      const positions = lookUp(table, channel, from, seekPositions)
      if (positions.length > 0) sources.push({ channel, table, positions, at: 0 })
    }
  }
  const found: Found = { messages: [], entries: [], upTo }
  for (let count = 0; count < feedPageEntriesMax; count += 1) {
    const next = leastOf(sources)
    if (!next) return { ...found, upTo }
    found[next.table].push(next.position)
    found.upTo = next.position
    const { source } = next
    source.at += 1
    if (source.at < source.positions.length) continue
    const more =
      source.positions.length === seekPositions
        ? lookUp(source.table, source.channel, next.position, seekPositions)
        : []
    source.positions = more
    source.at = 0
    if (more.length === 0) sources.splice(sources.indexOf(source), 1)
  }
  return found
}

const leastOf = (sources: readonly Source[]) => {
  let least: { source: Source; position: number; table: Source['table'] } | null = null
  for (const source of sources) {
    const position = source.positions[source.at]
    if (position !== undefined && (least === null || position < least.position)) {
      least = { source, position, table: source.table }
    }
  }
  return least
}

/** Fetches what was found, in order, as far as a page may hold. */
const fill = (connection: Connection, found: Found): LogPage => {
  const json: string[] = []
  let bytes = 0
  let message = 0
  let entry = 0
  for (;;) {
    const messagePosition = found.messages[message] ?? Infinity
    const entryPosition = found.entries[entry] ?? Infinity
    const position = Math.min(messagePosition, entryPosition)
    if (position > found.upTo) return { json, upTo: positionOf(found.upTo) }
    const line =
      position === messagePosition ? messageLine(connection, position) : entryLine(connection, position)
    bytes += Buffer.byteLength(line)
    // A page with room for nothing would never get on.
    if (json.length > 0 && (bytes > feedPageBytesMax || json.length === feedPageEntriesMax)) {
      return { json, upTo: positionOf(position - 1) }
    }
    json.push(line)
    if (position === messagePosition) message += 1
    else entry += 1
  }
}

const messageLine = (connection: Connection, position: number): string => {
  const json = messageAt.on(connection).get(position)
  if (json === undefined) throw new Error(`The log has no message ${position}`)
  return messageJson(positionOf(position), json)
}

const entryLine = (connection: Connection, position: number): string => {
  const [messagePosition, body] = entryAt.on(connection).get(position) ?? []
  if (typeof body === 'string') return body
  const message =
    typeof messagePosition === 'number' ? messageAt.on(connection).get(messagePosition) : undefined
  if (message === undefined) throw new Error(`The log has no entry ${position}`)
  return messageChangedJson(positionOf(position), message)
}
