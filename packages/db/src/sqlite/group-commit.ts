import type { Position } from '@parley/domain/ids'
import { commitGroupWritesMax, writesWaitingMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { LoggedEntry, WriteStats, Writing } from '../stores.ts'
import { positionOf } from './handle.ts'
import type { Connection } from './raw-query.ts'
import { isStorageFailure } from './storage-failure.ts'
import { LogTail } from './write-scope.ts'
import type { WriteScope } from './write-scope.ts'

/** How a write ended: with how to tell the writer, once it is on disk, or with what it threw. */
type Outcome = { tell: () => void } | { error: unknown }

interface Job {
  run(tx: Writing, settled: (outcome: Outcome) => void): void
  refuse(reason: unknown): void
}

interface Group {
  readonly jobs: readonly Job[]
  readonly undo: () => void
  readonly acknowledge: (() => void)[]
  readonly refusals: (() => void)[]
  /** The job that runs now. */
  at: number
}

interface Parts {
  connection: Connection
  head: number
  open: (connection: Connection, tail: LogTail) => { scope: WriteScope; writing: Writing }
  /** Told after each commit how many writes were in it. */
  committed: (writes: number) => void
}

/**
 * All writes that wait when a turn of the event loop has read its sockets share one transaction, and so one fsync;
 * each is in a savepoint of its own. The writes are asynchronous by their type, but nothing that they await takes time,
 * so that a whole group runs within one turn. A write that awaits anything else is seen by that and undone: the
 * transaction is everybody's.
 */
export class GroupCommit {
  readonly #connection: Connection
  readonly #open: Parts['open']
  readonly #committed: Parts['committed']
  readonly #begin
  readonly #commit
  readonly #rollback
  readonly #savepoint
  readonly #release
  readonly #undo
  readonly #tail: LogTail
  readonly #listeners: ((entries: readonly LoggedEntry[]) => void)[] = []
  #waiting: Job[] = []
  #scheduled = false
  #group: Group | null = null
  #closing = false
  #closed: (() => void) | null = null
  #head: Position
  readonly stats: WriteStats = { groups: 0, writes: 0, refusedWrites: 0, waiting: 0, searchBehind: 0 }

  constructor(parts: Parts) {
    this.#connection = parts.connection
    this.#open = parts.open
    this.#committed = parts.committed
    this.#tail = new LogTail(parts.head)
    this.#head = positionOf(parts.head)
    this.#begin = parts.connection.prepare('begin immediate')
    this.#commit = parts.connection.prepare('commit')
    this.#rollback = parts.connection.prepare('rollback')
    this.#savepoint = parts.connection.prepare('savepoint write')
    this.#release = parts.connection.prepare('release write')
    this.#undo = parts.connection.prepare('rollback to write')
  }

  get head(): Position {
    return this.#head
  }

  onCommit(listener: (entries: readonly LoggedEntry[]) => void): void {
    this.#listeners.push(listener)
  }

  write<T>(use: (tx: Writing) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closing) throw new Refusal('shutting-down', 'The server is stopping; try again in a moment')
      if (this.#waiting.length >= writesWaitingMax) {
        throw new Refusal('too-many', 'Too many writes are waiting; try again in a moment')
      }
      this.#waiting.push({
        run: (tx, settled) => {
          use(tx).then(
            (value) => settled({ tell: () => resolve(value) }),
            (error: unknown) => settled({ error }),
          )
        },
        refuse: reject,
      })
      this.stats.waiting = this.#waiting.length
      this.#schedule()
    })
  }

  /** Resolves when the writes that wait are done; no more are taken. */
  async close(): Promise<void> {
    this.#closing = true
    if (this.#group === null && this.#waiting.length === 0) return
    await new Promise<void>((resolve) => {
      this.#closed = resolve
    })
  }

  #schedule(): void {
    if (this.#scheduled || this.#group !== null) return
    this.#scheduled = true
    setImmediate(() => this.#start())
  }

  #start(): void {
    this.#scheduled = false
    const jobs = this.#waiting.slice(0, commitGroupWritesMax)
    this.#waiting = this.#waiting.slice(commitGroupWritesMax)
    this.stats.waiting = this.#waiting.length
    const group: Group = { jobs, undo: this.#tail.mark(), acknowledge: [], refusals: [], at: 0 }
    this.#group = group
    try {
      this.#begin.run()
    } catch (error) {
      this.#abort(group, error)
      return
    }
    this.#next(group)
    this.#watch(group)
  }

  #next(group: Group): void {
    const job = group.jobs[group.at]
    if (!job) {
      this.#finish(group)
      return
    }
    const undo = this.#tail.mark()
    const place = group.at
    const { scope, writing } = this.#open(this.#connection, this.#tail)
    const settled = (outcome: Outcome) => {
      if (this.#group !== group || group.at !== place) return
      scope.end()
      this.#settle(group, job, undo, outcome)
    }
    this.#stuck = () =>
      settled({ error: new Error('A write awaited something else than its handle; it was undone') })
    try {
      this.#savepoint.run()
    } catch (error) {
      this.#abort(group, error)
      return
    }
    try {
      job.run(writing, settled)
    } catch (error) {
      settled({ error })
    }
  }

  #stuck: () => void = () => {}

  #settle(group: Group, job: Job, undo: () => void, outcome: Outcome): void {
    const failure = 'error' in outcome ? outcome.error : null
    if (!this.#connection.inTransaction) {
      this.#abort(group, failure ?? new Refusal('storage-full', storageFull))
      return
    }
    try {
      if ('tell' in outcome) {
        group.acknowledge.push(outcome.tell)
      } else {
        this.#undo.run()
        undo()
        group.refusals.push(() => job.refuse(typedReason(failure)))
      }
      this.#release.run()
    } catch (error) {
      this.#abort(group, error)
      return
    }
    group.at += 1
    this.#next(group)
  }

  /**
   * Once the queue of microtasks is empty, nothing can go on by itself: a group that still runs waits for something
   * that only a later turn brings. `nextTick` runs exactly then.
   */
  #watch(group: Group): void {
    queueMicrotask(() =>
      process.nextTick(() => {
        if (this.#group !== group) return
        this.#stuck()
        this.#watch(group)
      }),
    )
  }

  #finish(group: Group): void {
    try {
      // Nothing accepted, nothing to put on disk.
      if (group.acknowledge.length === 0) this.#rollback.run()
      else this.#commit.run()
    } catch (error) {
      this.#abort(group, error)
      return
    }
    const entries = this.#tail.entries
    this.#tail.entries = []
    this.#head = positionOf(this.#tail.last)
    this.#group = null
    this.stats.refusedWrites += group.refusals.length
    if (group.acknowledge.length > 0) {
      this.stats.groups += 1
      this.stats.writes += group.acknowledge.length
      this.#committed(group.acknowledge.length)
    }
    try {
      if (group.acknowledge.length > 0) for (const listener of this.#listeners) listener(entries)
    } finally {
      // A listener that throws is a defect of ours, and must be seen; the writers' work is on disk all the same.
      for (const tell of group.acknowledge) tell()
      for (const refuse of group.refusals) refuse()
      this.#continue()
    }
  }

  /** The whole transaction is gone: nobody in it may be told that his write was kept. */
  #abort(group: Group, error: unknown): void {
    if (this.#connection.inTransaction) this.#rollback.run()
    group.undo()
    this.#group = null
    const reason = typedReason(error)
    this.stats.refusedWrites += group.jobs.length
    for (const refuse of group.refusals) refuse()
    for (const job of group.jobs) job.refuse(reason)
    this.#continue()
  }

  #continue(): void {
    if (this.#waiting.length > 0) this.#schedule()
    else if (this.#closing) this.#closed?.()
  }
}

const storageFull = 'The server has no room left on its disk; nothing was changed'

/** What a writer is told. */
const typedReason = (error: unknown): unknown =>
  isStorageFailure(error) ? new Refusal('storage-full', storageFull) : error
