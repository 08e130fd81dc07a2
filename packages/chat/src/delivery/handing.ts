import type { LoggedEntry } from '@parley/db/stores'
import type { Position } from '@parley/domain/ids'
import { feedPageBytesMax } from '@parley/domain/limits'
import type { Audience, Listener } from './audience.ts'
import type { DeliveryStats } from './delivery.ts'
import { entriesJson } from './reader.ts'
import { StreamFrame } from './sink.ts'

/** A run of entries that go to the same people as when it began: at most its last entry changes who hears what. */
export interface Segment {
  readonly entries: readonly LoggedEntry[]
  readonly head: Position
  /** Its last entry, if that one changes the audience. */
  readonly change: AudienceChange | null
}

/** An entry after which somebody hears more or less than before. */
export type AudienceChange = Extract<LoggedEntry, { kind: 'joined' | 'left' | 'session-ended' }>

const changesAudience = (entry: LoggedEntry): entry is AudienceChange =>
  entry.kind === 'joined' || entry.kind === 'left' || entry.kind === 'session-ended'

/** Cuts a commit's entries where the audience changes, and where a frame would grow past its bound (P5). */
export function* inSegments(entries: readonly LoggedEntry[]): Generator<Segment> {
  let run: LoggedEntry[] = []
  let chars = 0
  for (const [index, entry] of entries.entries()) {
    run.push(entry)
    chars += entry.json.length
    const next = entries[index + 1]
    const change = changesAudience(entry) ? entry : null
    if (change || !next || (chars + next.json.length) * bytesPerCharMax > feedPageBytesMax) {
      yield { entries: run, head: entry.position, change }
      run = []
      chars = 0
    }
  }
}

/** Of UTF-8, for a UTF-16 unit of JSON text. */
const bytesPerCharMax = 3

/** The entries of one channel in a segment. Everybody who hears no other channel in it gets the same frame. */
interface Batch {
  readonly number: number
  readonly entries: LoggedEntry[]
}

/** Gives each listener all entries of the segment that are for it as one event, made once for all with the same. */
export function hand(segment: Segment, audience: Audience, stats: DeliveryStats): void {
  const batches = new Map<string, Batch>()
  for (const entry of segment.entries) {
    const batch = batches.get(entry.channel)
    if (batch) batch.entries.push(entry)
    else batches.set(entry.channel, { number: batches.size, entries: [entry] })
  }
  stats.entries += segment.entries.length
  const heard = new Map<Listener, Batch[]>()
  for (const batch of batches.values()) {
    const [first] = batch.entries
    if (!first) continue
    for (const listener of audience.of(first.channel)) {
      const others = heard.get(listener)
      if (others) others.push(batch)
      else heard.set(listener, [batch])
    }
  }
  const frames = new Map<string, StreamFrame>()
  for (const [listener, mine] of heard) {
    const key = mine.length === 1 ? String(mine[0]?.number) : mine.map((batch) => batch.number).join()
    let frame = frames.get(key)
    if (!frame) {
      frame = new StreamFrame(segment.head, entriesJson(inOrder(mine)))
      frames.set(key, frame)
      stats.framesMade += 1
    }
    for (const reader of listener.readers) {
      reader.deliver(frame)
      stats.framesHanded += 1
    }
  }
}

const inOrder = (batches: readonly Batch[]): string[] => {
  const entries = batches.flatMap((batch) => batch.entries)
  if (batches.length > 1) entries.sort((one, other) => one.position - other.position)
  return entries.map((entry) => entry.json)
}
