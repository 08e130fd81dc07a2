import type { ConnectionState } from '@parley/client/connection/state'
import { ParleyError } from '@parley/client/parley-error'
import type { UploadOptions, UploadSource } from '@parley/client/files'
import type { AccountId, AttachmentId, ConversationId } from '@parley/domain/ids'
import type { Randomness } from '@parley/testkit/randomness'
import type { Call } from '@parley/sync/outbox/calls'
import type { Followed, PageWish, ServerPort } from '@parley/sync/ports'
import type { Model } from './model.ts'
import type { Scheduler } from './scheduler.ts'

/** The least of a file that goes at once; of a large one a tenth. */
const partBytes = 1_000

interface InFlight {
  readonly lose: () => void
}

/** A device's connection to the model, over a network that loses what is under way and mixes answers with the stream. */
export class Link implements ServerPort {
  state: ConnectionState = { kind: 'connecting' }
  readonly #model: Model
  readonly #me: AccountId
  readonly #scheduler: Scheduler
  readonly #random: Randomness
  readonly #onState: (state: ConnectionState) => void
  readonly #inFlight = new Set<InFlight>()
  /** Counts the connections: what was under way in an older one does not arrive. */
  #generation = 0
  #arrived: Followed[] = []
  #wake: () => void = () => {}
  #subscribe: (() => void) | null = null
  #commit: () => void = () => {}
  readonly #unlisten: () => void
  #ended = false

  constructor(
    model: Model,
    me: AccountId,
    scheduler: Scheduler,
    random: Randomness,
    onState: (state: ConnectionState) => void,
  ) {
    this.#model = model
    this.#me = me
    this.#scheduler = scheduler
    this.#random = random
    this.#onState = onState
    this.#unlisten = model.onCommit(() => this.#commit())
  }

  up(): void {
    if (this.#ended || this.state.kind === 'online') return
    this.#change({ kind: 'online' })
    this.#subscribe?.()
  }

  down(): void {
    if (this.#ended || this.state.kind !== 'online') return
    this.#generation += 1
    this.#commit = () => {}
    this.#change({ kind: 'waiting', reason: 'lost', nextTryAt: 0 })
    for (const call of [...this.#inFlight]) call.lose()
  }

  /** As when the process is killed: nothing comes and nothing goes any more. */
  kill(): void {
    this.#ended = true
    this.#generation += 1
    this.#unlisten()
    this.#commit = () => {}
    for (const call of [...this.#inFlight]) call.lose()
    this.#wake()
  }

  snapshot = () => this.#ask(() => this.#model.snapshot(this.#me))
  mine = () => this.#ask(() => ({ conversations: this.#model.mine(this.#me), next: null }))
  page = (wish: PageWish) => this.#ask(() => this.#model.page(this.#me, wish))
  message = () => Promise.reject(new Error('not modelled'))
  messageAtTime = () => Promise.resolve(null)
  search = () => Promise.resolve({ messages: [], next: null })
  typing = () => Promise.resolve()
  upload = async (file: UploadSource, wish: UploadOptions): Promise<AttachmentId> => {
    const { files } = this.#model
    const ask = <Answer>(run: () => Answer): Promise<Answer> => {
      if (wish.signal?.aborted) return Promise.reject(new ParleyError('aborted', 'Aborted'))
      return this.#ask(run)
    }
    const id = wish.uploadId ?? (await ask(() => files.begin(this.#me, wish.name, file.size)))
    if (wish.uploadId === undefined) wish.onBegin?.(id)
    let known = await ask(() => files.howFar(this.#me, id))
    while (known.attachmentId === null) {
      const { offset } = known
      const part = await file.slice(offset, offset + Math.max(partBytes, Math.ceil(file.size / 10)))
      known = await ask(() => files.append(this.#me, id, offset, part.size))
      wish.onProgress?.(known.offset, file.size)
    }
    return known.attachmentId
  }
  download = () => Promise.reject(new Error('not modelled'))
  retryNow = () => {}
  perform = (call: Call) => this.#ask(() => this.#model.perform(this.#me, call))
  members = (id: ConversationId) =>
    this.#ask(() => ({
      members: this.#model.members(this.#me, id).map(({ accountId, role, joinedAt }) => ({
        accountId,
        role,
        joinedAt,
        person: { ...this.#model.me(accountId), online: false, lastSeenAt: null },
      })),
      next: null,
    }))
  people = () =>
    this.#ask(() => ({
      people: [...this.#model.people.values()].map((person) => ({
        ...person,
        online: false,
        lastSeenAt: null,
      })),
      next: null,
    }))

  async *follow({
    cursor,
    signal,
  }: {
    cursor: number
    signal: AbortSignal
  }): AsyncGenerator<Followed, void, undefined> {
    let received = cursor
    this.#arrived = []
    const take = (event: Followed) => {
      received = Math.max(received, event.cursor)
      this.#arrived.push(event)
      this.#wake()
    }
    this.#subscribe = () => this.#feed(() => received, take)
    signal.addEventListener('abort', () => this.#wake())
    if (this.state.kind === 'online') this.#subscribe()
    while (!signal.aborted && !this.#ended) {
      const event = this.#arrived.shift()
      if (!event) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      yield event
      if (event.kind === 'resync') break
    }
    this.#subscribe = null
    this.#commit = () => {}
  }

  close(): Promise<void> {
    this.kill()
    this.state = { kind: 'closed' }
    return Promise.resolve()
  }

  /** Brings what is after the cursor, and from then on what is committed; in order, a little later each. */
  #feed(received: () => number, take: (event: Followed) => void): void {
    const generation = this.#generation
    let sent = received()
    let arrival = this.#scheduler.now()
    const deliver = (event: Followed) => {
      arrival = Math.max(arrival, this.#scheduler.now() + this.#random.int(0, 40))
      this.#scheduler.after(arrival - this.#scheduler.now(), () => {
        if (generation === this.#generation) take(event)
      })
    }
    if (sent < this.#model.keptAfter) {
      deliver({ kind: 'resync', reason: 'log-too-short', cursor: sent })
      return
    }
    // A server that repeats itself does no harm either.
    let from = this.#random.chance(0.3)
      ? Math.max(this.#model.keptAfter, sent - this.#random.int(1, 10))
      : sent
    const pull = () => {
      const entries = this.#model.entriesAfter(this.#me, from)
      from = this.#model.head
      while (entries.length > 0) {
        const part = entries.splice(0, this.#random.int(1, 30))
        sent = part.at(-1)?.position ?? sent
        deliver({ kind: 'entries', entries: part, cursor: sent })
      }
    }
    pull()
    deliver({ kind: 'live', cursor: Math.max(this.#model.head, received()) })
    this.#commit = pull
  }

  #change(state: ConnectionState): void {
    this.state = state
    this.#onState(state)
  }

  /** Goes to the server after a while, and comes back after another, unless the connection ends before. */
  #ask<Answer>(run: () => Answer): Promise<Answer> {
    if (this.state.kind !== 'online' || this.#ended) {
      return new Promise((_, reject) => {
        const call = {
          lose: () => {
            this.#inFlight.delete(call)
            reject(new ParleyError('unreachable', 'No connection'))
          },
        }
        // Whoever closes does not wait for it.
        this.#inFlight.add(call)
        this.#scheduler.after(50, call.lose)
      })
    }
    return new Promise<Answer>((resolve, reject) => {
      let hasRun = false
      let over = false
      const end = (finish: () => void) => {
        over = true
        this.#inFlight.delete(call)
        finish()
      }
      const call = {
        lose: () => {
          // It may have been on the wire already.
          if (!hasRun && this.#random.chance(0.5)) {
            try {
              run()
            } catch {
              // Nobody hears of it.
            }
          }
          end(() => reject(new ParleyError('connection-lost', 'Lost')))
        },
      }
      this.#inFlight.add(call)
      this.#scheduler.after(this.#random.int(0, 30), () => {
        if (over) return
        hasRun = true
        let answer: { readonly value: Answer } | { readonly error: unknown }
        try {
          answer = { value: run() }
        } catch (error) {
          answer = { error }
        }
        this.#scheduler.after(this.#random.int(0, 60), () => {
          if (over) return
          const { ...given } = answer
          end(() =>
            'value' in given
              ? resolve(given.value)
              : reject(given.error instanceof Error ? given.error : new Error('?')),
          )
        })
      })
    })
  }
}
