import { backoffMs } from '@parley/client/backoff'
import { pause, systemClock } from '@parley/client/clock'
import { ParleyError } from '@parley/client/parley-error'
import { ConversationId } from '@parley/domain/ids'
import type { ConversationView, Topic } from '@parley/sync/views'
import { BotError, botError } from './bot-error.ts'
import { Lane, type LaneSurroundings, type Next } from './lane.ts'
import { handedAtOnceMax, handlerTriesMax } from './limits.ts'
import { type BotMessage, messageOf } from './message.ts'

/** Deals with a message. It counts as handled once the promise is fulfilled, or nothing was thrown. */
export type Deal = (message: BotMessage) => unknown

export interface HandingSurroundings extends LaneSurroundings {
  readonly onDefect: (error: unknown) => void
}

interface Running {
  readonly lane: Lane
  isRunning: boolean
  again: boolean
  timer: Disposable | null
}

/** Hands messages over: in each conversation one at a time, in its order. Conversations do not wait for each other. */
export class Handing {
  readonly #of: HandingSurroundings
  readonly #lanes = new Map<ConversationId, Running>()
  readonly #ending = new AbortController()
  readonly #under = new Set<Promise<boolean>>()
  readonly #waiting: (() => void)[] = []
  readonly #listening: Disposable
  #free = handedAtOnceMax
  #deal: Deal | null = null

  constructor(surroundings: HandingSurroundings) {
    this.#of = surroundings
    const { engine, ledger } = surroundings
    if (ledger.kept('begun') === null) {
      ledger.beginAll(engine.conversations().flatMap((view) => (isMade(view) ? [newestOf(view)] : [])))
    }
    for (const id of new Set([...ledger.places(), ...engine.conversations().filter(isMade).map(idOf)]))
      this.#meet(id)
    this.#listening = engine.onChange((topics) => this.#changed(topics))
  }

  /** Hands over nothing more. What a handler fails on from now on it gets again after the next start. */
  end(): void {
    this.#listening[Symbol.dispose]()
    this.#ending.abort()
    for (const { timer } of this.#lanes.values()) timer?.[Symbol.dispose]()
    for (const wake of this.#waiting.splice(0)) wake()
  }

  /** Resolves when the messages that are being dealt with are. */
  async close(): Promise<void> {
    this.end()
    await Promise.all(this.#under)
  }

  get ending(): AbortSignal {
    return this.#ending.signal
  }

  start(deal: Deal): Disposable {
    if (this.#deal) throw new BotError('invalid-input', 'There is a handler already.')
    this.#deal = deal
    this.#lookAtAll()
    return {
      [Symbol.dispose]: () => {
        if (this.#deal === deal) this.#deal = null
      },
    }
  }

  #changed(topics: ReadonlySet<Topic>): void {
    if (topics.has('connection')) this.#lookAtAll()
    for (const topic of topics) {
      const id = ConversationId.safeParse(topic.slice(prefix.length)).data
      if (id && topic.startsWith(prefix)) this.#meet(id)
    }
  }

  #meet(id: ConversationId): void {
    const { engine, ledger } = this.#of
    const view = engine.conversation(id)
    if (!view) {
      ledger.forget(id)
      this.#lanes.get(id)?.timer?.[Symbol.dispose]()
      this.#lanes.delete(id)
      return
    }
    // One that is new begins where the bot came in.
    if (!ledger.place(id)) ledger.begin(id, view.readUpTo)
    const running = this.#lanes.get(id) ?? {
      lane: new Lane(id, this.#of),
      isRunning: false,
      again: false,
      timer: null,
    }
    this.#lanes.set(id, running)
    this.#look(running)
  }

  #lookAtAll(): void {
    for (const running of this.#lanes.values()) this.#look(running)
  }

  #look(running: Running): void {
    running.again = true
    if (running.isRunning || !this.#deal || this.#ending.signal.aborted) return
    running.isRunning = true
    void this.#run(running)
  }

  async #run(running: Running): Promise<void> {
    const { lane } = running
    try {
      while (running.again && this.#deal && !this.#ending.signal.aborted) {
        running.again = false
        for (let next = await lane.next(); next; next = await lane.next()) {
          if (!(await this.#inTurn(lane, next))) return
        }
      }
    } catch (error) {
      // What was asked of the server when the bot was closed ends as it likes.
      if (this.#ending.signal.aborted) return
      // Without a connection it goes on with the next one; where the account was put out there is nothing to go on with.
      const isPassing = error instanceof ParleyError && !error.isRefusal
      if (!isPassing && this.#of.engine.conversation(lane.id)) this.#of.onDefect(botError(error))
    } finally {
      running.isRunning = false
      this.#lookLater(running)
    }
  }

  #lookLater(running: Running): void {
    running.timer?.[Symbol.dispose]()
    const ms = this.#ending.signal.aborted ? null : running.lane.waitMs
    running.timer = ms === null ? null : systemClock.after(ms, () => this.#look(running))
  }

  /** @returns false where it was not dealt with, as the bot is being closed. */
  async #inTurn(lane: Lane, next: Next): Promise<boolean> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#free -= 1
    try {
      if (!this.#deal || this.#ending.signal.aborted) return false
      const message = await messageOf(this.#of.engine, lane.id, next.item, next.late)
      if (!this.#deal || this.#ending.signal.aborted) return false
      const dealing = this.#dealWith(this.#deal, message, () => lane.finish(next))
      this.#under.add(dealing)
      return await dealing.finally(() => this.#under.delete(dealing))
    } finally {
      const wake = this.#waiting.shift()
      if (wake) wake()
      else this.#free += 1
    }
  }

  async #dealWith(deal: Deal, message: BotMessage, finish: () => void): Promise<boolean> {
    const isDone = await this.#try(deal, message)
    if (isDone) finish()
    return isDone
  }

  /** A few times, and then it is given up, so that one message does not stand in the way of all others. */
  async #try(deal: Deal, message: BotMessage): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        await deal(message)
        return true
      } catch (cause) {
        if (this.#ending.signal.aborted) return false
        const what = `A handler failed on message ${message.id} of ${message.conversationId}, try ${tries}.`
        this.#of.onDefect(new BotError('handler-failed', what, { cause }))
        if (tries === handlerTriesMax) return true
        await pause(systemClock, backoffMs(tries, Math.random), this.#ending.signal)
        if (this.#ending.signal.aborted) return false
      }
    }
  }
}

type Made = ConversationView & { readonly id: ConversationId }

/** The server has named it. */
export const isMade = (view: ConversationView): view is Made => !view.id.startsWith('local-')

const prefix = 'conversation:'

const idOf = ({ id }: Made): ConversationId => id

const newestOf = ({ id, lastMessage, readUpTo }: Made) => ({
  id,
  upTo: lastMessage?.id ?? readUpTo,
})
