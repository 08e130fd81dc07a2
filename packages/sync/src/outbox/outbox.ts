import { backoffMs } from '@parley/client/backoff'
import { isUploading, Uploads } from '../attachments/uploads.ts'
import { operationsAtOnceMax } from '../limits.ts'
import type { Clock, ServerPort } from '../ports.ts'
import { sendable } from './order.ts'
import type { Queued } from '../store/operations.ts'
import { changeOutgoing, outgoingOf } from '../store/outgoing.ts'
import type { Store } from '../store/store.ts'
import type { Meanwhile, Questions } from '../sync/meanwhile.ts'
import { callOf, type Call, type Done } from './calls.ts'
import { settle, touchOf } from './settle.ts'
import { verdictOf } from './verdict.ts'

export interface OutboxSurroundings {
  readonly store: Store
  readonly server: ServerPort
  readonly questions: Questions
  readonly clock: Clock
  readonly random: () => number
  readonly onDefect: (error: unknown) => void
}

/** Sends what the person did, in order, until the server has taken or refused it. */
export class Outbox {
  readonly #surroundings: OutboxSurroundings
  readonly #uploads: Uploads
  readonly #underWay = new Set<Queued['id']>()
  /** Operations that wait after a passing failure, and how often they failed in a row. */
  readonly #waits = new Map<Queued['id'], Disposable>()
  readonly #failures = new Map<Queued['id'], number>()
  #open = false
  #closed = false

  constructor(surroundings: OutboxSurroundings) {
    this.#surroundings = surroundings
    this.#uploads = new Uploads(surroundings, () => this.pump())
    const { store } = surroundings
    // Whoever wrote this was ended while it was under way: it may have happened.
    store.write(() => {
      for (const queued of store.operations.inState('sending')) {
        store.operations.change(queued, { state: 'unconfirmed', inDoubt: true })
      }
    })
  }

  get isUnderWay(): (id: Queued['id']) => boolean {
    return (id) => this.#underWay.has(id)
  }

  /** There is a connection, and what was missed has come. */
  open(): void {
    this.#open = true
    this.#uploads.open()
    this.pump()
  }

  /** There is no connection. What is under way ends by itself. */
  shut(): void {
    this.#open = false
    this.#uploads.shut()
    this.#failures.clear()
    for (const wait of this.#waits.values()) wait[Symbol.dispose]()
    this.#waits.clear()
  }

  close(): void {
    this.shut()
    this.#closed = true
  }

  pump(): void {
    this.#uploads.pump()
    if (!this.#open) return
    // Sending changes what is looked through.
    for (const { queued, call } of this.#next()) void this.#send(queued, call)
  }

  #next(): { queued: Queued; call: Call }[] {
    const { store } = this.#surroundings
    const free = operationsAtOnceMax - this.#underWay.size
    const next: { queued: Queued; call: Call }[] = []
    if (free <= 0) return next
    for (const queued of sendable(store.operations, isUploading(store))) {
      if (this.#underWay.has(queued.id) || this.#waits.has(queued.id)) continue
      const call = callOf(queued.action, queued.id, uploadedOf(store, queued))
      if (call) next.push({ queued, call })
      if (next.length === free) return next
    }
    return next
  }

  async #send(queued: Queued, call: Call): Promise<void> {
    const { store, server, questions, onDefect } = this.#surroundings
    this.#underWay.add(queued.id)
    try {
      using meanwhile = questions.ask()
      store.write((touch) => {
        const triedAtCursor = queued.triedAtCursor ?? store.standing?.cursor ?? 0
        // One that is `sending` before it is sent was left so when its outcome could not be stored.
        const inDoubt = queued.inDoubt || queued.state === 'sending'
        store.operations.change(queued, { state: 'sending', triedAtCursor, problem: null, inDoubt })
        touch('outbox')
      })
      const outcome = await server.perform(call).then(
        (done) => ({ done }),
        (error: unknown) => ({ error }),
      )
      if (this.#closed) return
      this.#underWay.delete(queued.id)
      if ('done' in outcome) this.#done(queued, call, outcome.done, meanwhile)
      else this.#failed(queued, call, outcome.error, meanwhile)
    } catch (error) {
      // A full disk, or a defect: it is on disk as it was, and tried again after a while.
      onDefect(error)
      this.#wait(queued.id, this.#failures.get(queued.id) ?? 0, 0)
    } finally {
      this.#underWay.delete(queued.id)
    }
    this.pump()
  }

  #done(queued: Queued, call: Call, done: Done, meanwhile: Meanwhile): void {
    const { store } = this.#surroundings
    this.#failures.delete(queued.id)
    store.write((touch) => {
      // The stream may have confirmed it by now.
      const current = store.operations.get(queued.id)
      if (current) settle(store, touch, { queued: current, call, done, meanwhile: meanwhile.entries })
    })
  }

  #failed(queued: Queued, call: Call, error: unknown, meanwhile: Meanwhile): void {
    const { store } = this.#surroundings
    const failures = this.#failures.get(queued.id) ?? 0
    const verdict = verdictOf(store, queued, call, error, failures)
    if (verdict.kind === 'done') {
      this.#done(queued, call, { kind: 'done' }, meanwhile)
      return
    }
    store.write((touch) => {
      const current = store.operations.get(queued.id)
      if (!current) return
      if (verdict.kind === 'upload-again') uploadAgain(store, queued)
      const inDoubt = verdict.kind === 'again' && (current.inDoubt || verdict.inDoubt)
      store.operations.change(current, {
        state: verdict.kind === 'refused' ? 'refused' : inDoubt ? 'unconfirmed' : 'waiting',
        problem: verdict.kind === 'refused' ? verdict.problem : null,
        inDoubt,
      })
      touch('outbox')
      touchOf(touch, call)
    })
    if (verdict.kind === 'again') this.#wait(queued.id, failures, verdict.waitMs)
  }

  /** Without a time, until the next connection: this one is ending, and is not asked again. */
  #wait(id: Queued['id'], failures: number, waitMs: number | null): void {
    if (!this.#open) return
    const { clock, random } = this.#surroundings
    this.#failures.set(id, failures + 1)
    const ms = (waitMs ?? 0) + backoffMs(failures, random)
    const timer = clock.after(ms, () => {
      this.#waits.delete(id)
      this.pump()
    })
    this.#waits.set(id, timer)
  }
}

const uploadedOf = ({ connection }: Store, { id, action }: Queued) =>
  action.kind === 'send' && action.attachments?.length
    ? outgoingOf(connection, id).map(({ attachmentId }) => attachmentId)
    : []

function uploadAgain({ connection }: Store, { id }: Queued): void {
  for (const file of outgoingOf(connection, id)) {
    changeOutgoing(connection, file, { attachmentId: null, uploadId: null, sentBytes: 0 })
  }
}
