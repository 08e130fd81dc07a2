import type { Database, LoggedEntry } from '@parley/db/stores'
import type { AccountId, ConversationId, SessionId } from '@parley/domain/ids'
import { Position } from '@parley/domain/ids'
import { cursorAdvanceMs } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Follow } from '@parley/domain/stream'
import type { Actor } from '../actor.ts'
import type { ChatLog } from '../chat.ts'
import type { Clock } from '../clock.ts'
import { Audience, type Listener } from './audience.ts'
import { type AudienceChange, hand, inSegments } from './handing.ts'
import { Reader, type ReaderHome, resyncJson } from './reader.ts'
import { type StreamEnd, StreamFrame, type StreamSink, type StreamSource } from './sink.ts'

export interface DeliveryStats {
  readers: number
  framesMade: number
  framesHanded: number
  entries: number
  fellBehind: number
}

/** A stream that was asked for, from then until its other side has gone. */
interface Following {
  readonly actor: Actor
  readonly sink: StreamSink
  reader: Reader | null
  isGone: boolean
}

/** Hands the entries of each commit to whoever may see them and is there (P3, P4, P6). */
export class Delivery implements ReaderHome {
  readonly db: Database
  readonly stats: DeliveryStats = { readers: 0, framesMade: 0, framesHanded: 0, entries: 0, fellBehind: 0 }
  readonly #audience = new Audience()
  readonly #log: ChatLog
  readonly #sessionEnded = new Set<(sessionId: SessionId) => void>()
  readonly #cursorTimer: Disposable
  #head: Position
  #closed = false

  constructor(db: Database, clock: Clock, log: ChatLog) {
    this.db = db
    this.#log = log
    this.#head = db.head()
    db.onCommit((entries) => this.#publish(entries))
    this.#cursorTimer = clock.every(cursorAdvanceMs, () =>
      this.whisper(this.#audience.all, '{"kind":"live"}'),
    )
  }

  head(): Position {
    return this.#head
  }

  /** Called with every session that ends, at the commit that ended it: connections without a stream close by this. */
  onSessionEnded(call: (sessionId: SessionId) => void): Disposable {
    this.#sessionEnded.add(call)
    return { [Symbol.dispose]: () => void this.#sessionEnded.delete(call) }
  }

  /** Whether the account is in the conversation, where that is known without asking the database. */
  knowsMember(accountId: AccountId, conversationId: ConversationId): boolean | undefined {
    const listener = this.#audience.listener(accountId)
    return listener && listener.changedSince === null ? listener.conversations.has(conversationId) : undefined
  }

  /** Opens the account's stream from a cursor on (P4). Refusals end the stream with the reason. */
  follow(actor: Actor, input: Follow): StreamSource {
    return {
      attach: (sink) => {
        const following: Following = { actor, sink, reader: null, isGone: false }
        this.#attach(following, input).catch((error: unknown) => {
          if (following.reader) this.#remove(following.reader)
          if (error instanceof Refusal) return sink.end('session-ended')
          this.#log('stream-failed', { sessionId: actor.sessionId, error })
          sink.end('failed')
        })
        return {
          detach: () => {
            following.isGone = true
            if (following.reader) this.#remove(following.reader)
          },
        }
      },
    }
  }

  async #attach(following: Following, input: Follow): Promise<void> {
    const { actor, sink } = following
    if (this.#closed) return sink.end('shutting-down')
    const cursor = input.lastEventId === undefined ? input.cursor : Position.parse(Number(input.lastEventId))
    const lost = await this.#cannotResume(cursor, input.logId)
    if (following.isGone) return
    if (lost) {
      // Under the cursor that it came with: resuming after this event must lead here again.
      sink.write(new StreamFrame(cursor, resyncJson(lost)))
      return sink.end('resync')
    }
    const listener = this.#audience.listener(actor.accountId) ?? this.#enter(actor.accountId)
    const reader = new Reader(this, listener, actor.sessionId, sink, cursor)
    following.reader = reader
    listener.readers.add(reader)
    this.stats.readers += 1
    await listener.loaded
    // The reader is among the listener's by now: a session that ends from here on ends it.
    if (!(await this.db.read.sessions.byId(actor.sessionId)))
      throw new Refusal('signed-out', 'This session has ended.')
    reader.start()
  }

  #enter(accountId: AccountId): Listener {
    const listener = this.#audience.enter(accountId)
    listener.loaded = this.db.read.members
      .channelsOf(accountId)
      .then((rows) => this.#audience.load(listener, rows))
    return listener
  }

  async #cannotResume(
    cursor: Position,
    logId: string | undefined,
  ): Promise<'log-too-short' | 'cursor-unknown' | null> {
    if (cursor > this.#head) return 'cursor-unknown'
    if (logId !== undefined && logId !== (await this.db.read.log.id())) return 'cursor-unknown'
    return cursor < (await this.db.read.log.keptAfter()) ? 'log-too-short' : null
  }

  #remove(reader: Reader): void {
    const { listener } = reader
    reader.detach()
    if (!listener.readers.delete(reader)) return
    this.stats.readers -= 1
    if (listener.readers.size === 0) this.#audience.leave(listener)
  }

  failed(reader: Reader, error: unknown): void {
    this.#log('stream-failed', { sessionId: reader.sessionId, error })
    this.#end(reader, 'failed')
  }

  fellBehind(): void {
    this.stats.fellBehind += 1
  }

  lost(reader: Reader): void {
    this.#end(reader, 'resync')
  }

  #end(reader: Reader, reason: StreamEnd): void {
    reader.end(reason)
    this.#remove(reader)
  }

  #publish(entries: readonly LoggedEntry[]): void {
    for (const segment of inSegments(entries)) {
      hand(segment, this.#audience, this.stats)
      this.#head = segment.head
      if (segment.change) this.#follows(segment.change)
    }
  }

  /** What an entry changes in who hears what. */
  #follows(entry: AudienceChange): void {
    if (entry.kind === 'session-ended') {
      for (const reader of [...(this.#audience.listener(entry.channel)?.readers ?? [])]) {
        if (reader.sessionId === entry.subject) this.#end(reader, 'session-ended')
      }
      for (const call of this.#sessionEnded) call(entry.subject)
      return
    }
    const listener = this.#audience.listener(entry.channel)
    if (!listener) return
    if (entry.kind === 'joined') this.#audience.joined(listener, entry.subject, entry.position)
    else this.#audience.left(listener, entry.subject)
  }

  /** Tells those of the listeners that are there something that is not logged. */
  whisper(listeners: Iterable<Listener>, json: string, except?: AccountId): void {
    const frame = new StreamFrame(this.#head, json)
    for (const listener of listeners) {
      if (listener.accountId === except) continue
      for (const reader of listener.readers) reader.whisper(frame)
    }
  }

  whisperToAll(json: string): void {
    this.whisper(this.#audience.all, json)
  }

  whisperTo(conversationId: ConversationId, json: string, except: AccountId): void {
    this.whisper(this.#audience.of(conversationId), json, except)
  }

  /** Ends every stream; clients come back to the next server. */
  close(): void {
    this.#closed = true
    this.#cursorTimer[Symbol.dispose]()
    for (const listener of [...this.#audience.all]) {
      for (const reader of [...listener.readers]) this.#end(reader, 'shutting-down')
    }
  }
}
