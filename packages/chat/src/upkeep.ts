import type { Database } from '@parley/db/stores'
import { keyRequestKeptMs, linkRequestKeptMs, logEntriesKeptMin, sessionIdleMs } from '@parley/domain/limits'
import { Position } from '@parley/domain/ids'
import { endSession } from './accounts/sessions.ts'
import type { ChatLog } from './chat.ts'
import type { Clock } from './clock.ts'

const everyMs = 60_000
const prunedPerStepMax = 10_000
const sessionsPerStepMax = 500

/** What has to be tidied now and then, a little at a time: old entries of the log, sessions nobody uses. */
export class Upkeep implements Disposable {
  readonly #db: Database
  readonly #clock: Clock
  readonly #timer: Disposable
  #forgetAt = 0

  constructor(db: Database, clock: Clock, log: ChatLog) {
    this.#db = db
    this.#clock = clock
    this.#timer = clock.every(everyMs, () => {
      this.step().catch((error: unknown) => log('upkeep-failed', { error }))
    })
  }

  async step(): Promise<void> {
    await this.#pruneLog()
    await this.#endIdleSessions()
    await this.#forgetRequests()
  }

  /** Messages stay for ever; of the other entries the newest `logEntriesKeptMin` positions are kept for readers. */
  async #pruneLog(): Promise<void> {
    const upTo = this.#db.head() - logEntriesKeptMin
    if (upTo <= (await this.#db.read.log.keptAfter())) return
    await this.#db.write((tx) => tx.log.prune(Position.parse(upTo), prunedPerStepMax))
  }

  async #endIdleSessions(): Promise<void> {
    const idle = await this.#db.read.sessions.idle(this.#clock.now() - sessionIdleMs, sessionsPerStepMax)
    if (idle.length === 0) return
    await this.#db.write(async (tx) => {
      for (const { id, accountId } of idle) await endSession(tx, accountId, id)
    })
  }

  /** Devices that wait to be taken in, or for keys, and asked too long ago. */
  async #forgetRequests(): Promise<void> {
    const now = this.#clock.now()
    if (now < this.#forgetAt) return
    this.#forgetAt = now + linkRequestKeptMs
    await this.#db.write(async (tx) => {
      await tx.devices.removeLinkRequestsBefore(now - linkRequestKeptMs)
      await tx.keys.removeRequestsBefore(now - keyRequestKeptMs)
    })
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }
}
