import type { Entry } from '@parley/domain/stream'
import { ParleyError } from '@parley/client/parley-error'
import { backoffMs } from '@parley/client/backoff'
import { sliceEntriesMin, sliceMs } from '../limits.ts'
import type { Clock, Followed, ServerPort } from '../ports.ts'
import type { Store, Touch } from '../store/store.ts'
import { apply } from './apply.ts'
import type { Merging } from './merging.ts'
import type { Questions } from './meanwhile.ts'
import { takeSnapshot } from './snapshot.ts'

export interface FollowingSurroundings {
  readonly store: Store
  readonly server: ServerPort
  readonly questions: Questions
  readonly merging: Merging
  readonly clock: Clock
  readonly random: () => number
  readonly breathe: () => Promise<void>
  readonly onDefect: (error: unknown) => void
  /** Everything up to now has come. */
  readonly onLive: () => void
  /** A whole snapshot was taken: its conversations have no messages yet. */
  readonly onSnapshot: () => void
  /** What is not kept: presence and typing. */
  readonly onPassing: (event: Passing) => void
  /** Told of what is in the store by now. */
  readonly onEntries: (entries: readonly Entry[]) => void
}

export type Passing = Extract<Followed, { kind: 'presence' | 'typing' }>

/** Keeps the store true to the log: a snapshot where there is none, and from its cursor on every entry, once. */
export class Following {
  readonly #surroundings: FollowingSurroundings
  readonly #ending = new AbortController()
  #failures = 0
  /** Nothing more is known to be missed. */
  #isLive = false
  #wait: Disposable | null = null

  constructor(surroundings: FollowingSurroundings) {
    this.#surroundings = surroundings
  }

  /** Resolves when it was ended, or the server wants no more of this session. */
  async run(): Promise<void> {
    while (!this.#ending.signal.aborted) {
      try {
        await this.#follow()
        this.#failures = 0
      } catch (error) {
        if (this.#ending.signal.aborted || isOver(error)) return
        if (!(error instanceof ParleyError)) this.#surroundings.onDefect(error)
        await this.#pause()
      }
    }
  }

  end(): void {
    this.#ending.abort()
    this.#wait?.[Symbol.dispose]()
  }

  /** Until the log does not lead on. */
  async #follow(): Promise<void> {
    const { store, server, questions, onSnapshot } = this.#surroundings
    if (store.standing?.whole !== true) {
      await takeSnapshot(store, server, questions)
      if (this.#ending.signal.aborted) return
      onSnapshot()
    }
    const { standing } = store
    if (!standing) throw new Error('No snapshot was taken')
    const { cursor, logId } = standing
    this.#isLive = false
    for await (const event of server.follow({ cursor, logId, signal: this.#ending.signal })) {
      if (this.#ending.signal.aborted) return
      this.#failures = 0
      await this.#take(event)
    }
  }

  async #take(event: Followed): Promise<void> {
    const { store, onLive, onPassing } = this.#surroundings
    switch (event.kind) {
      case 'entries':
        await this.#takeEntries(event.entries)
        return
      case 'live':
        store.write((touch) => this.#reach(event.cursor, touch))
        store.sync()
        this.#isLive = true
        onLive()
        return
      case 'resync':
        store.write(() => {
          if (store.standing) store.putStanding({ ...store.standing, whole: false })
        })
        return
      case 'presence':
      case 'typing':
        onPassing(event)
        return
    }
  }

  /**
   * In steps of a few milliseconds, each one transaction of entries and cursor, so that whatever the screen asks for
   * comes in between. What was missed is synced to disk once all of it has come: before that the power's failing takes the
   * cursor back with the entries, and they come again.
   */
  async #takeEntries(entries: readonly Entry[]): Promise<void> {
    const { breathe } = this.#surroundings
    for (let next = 0; next < entries.length;) {
      next = this.#takeSlice(entries, next)
      if (this.#ending.signal.aborted) return
      // After the last one too: the next event may be here already.
      await breathe()
    }
  }

  /** @returns where the next slice begins. */
  #takeSlice(entries: readonly Entry[], first: number): number {
    const { store, questions, clock, merging } = this.#surroundings
    const reached = store.standing?.cursor ?? 0
    const deadline = clock.now() + sliceMs
    let end = first
    const taken: Entry[] = []
    const take = (touch: Touch): void => {
      for (; end < entries.length; end += 1) {
        const entry = entries[end]
        if (!entry || (end - first >= sliceEntriesMin && clock.now() >= deadline)) break
        if (entry.position <= reached) continue
        apply(store, touch, entry)
        taken.push(entry)
      }
      if (taken.length > 0) merging.added()
      const last = taken.at(-1)
      if (last) this.#reach(last.position, touch)
    }
    if (this.#isLive) store.write(take)
    else store.writeAhead(take)
    questions.note(taken)
    this.#surroundings.onEntries(taken)
    return end
  }

  /** Moves the cursor. What was sent and lies behind it has come, or was never to. */
  #reach(cursor: number, touch: Touch): void {
    const { store } = this.#surroundings
    const { standing } = store
    if (!standing || cursor <= standing.cursor) return
    store.putStanding({ ...standing, cursor })
    for (const { id, sentAs, action } of store.operations.inState('sent')) {
      if (sentAs === null || sentAs > cursor) continue
      store.operations.remove(id)
      touch('outbox')
      if ('conversationId' in action) touch(`conversation:${action.conversationId}`)
    }
  }

  #pause(): Promise<void> {
    const { clock, random } = this.#surroundings
    const ms = backoffMs(this.#failures, random)
    this.#failures += 1
    return new Promise((resolve) => {
      const timer = clock.after(ms, resolve)
      this.#wait = {
        [Symbol.dispose]: () => {
          timer[Symbol.dispose]()
          resolve()
        },
      }
    })
  }
}

/** The server wants no more of this session, or the connection was closed by us. */
const isOver = (error: unknown): boolean =>
  error instanceof ParleyError &&
  (error.kind === 'signed-out' || error.kind === 'account-disabled' || error.kind === 'closed')
