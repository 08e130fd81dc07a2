import type { Database } from '@parley/db/stores'
import type { Presence } from '@parley/domain/accounts'
import type { AccountId, SessionId, Timestamp } from '@parley/domain/ids'
import { presenceTickMs } from '@parley/domain/limits'
import { Batched } from '../batched.ts'
import type { ChatLog } from '../chat.ts'
import type { Clock } from '../clock.ts'
import type { Delivery } from '../delivery/delivery.ts'

const lastSeenEveryMs = 5_000
/** How far "last seen" may be off after a crash of the server: those online are noted this often. */
const onlineNotedEveryMs = 60_000

/**
 * Who is here: an account is online while one of its connections is open. Sockets are pinged, so that one whose other
 * side vanished closes within seconds; a server that starts has nobody online. Changes go out together, now and then.
 */
export class Presences {
  readonly #clock: Clock
  readonly #delivery: Delivery
  readonly #online = new Map<AccountId, { connections: number; since: Timestamp }>()
  /** How many connections each session has open. */
  readonly #sessions = new Map<SessionId, number>()
  readonly #changed = new Set<AccountId>()
  readonly #lastSeen: Batched<AccountId, Timestamp>
  readonly #timer: Disposable
  #tick: Disposable | null = null

  constructor(db: Database, clock: Clock, delivery: Delivery, log: ChatLog) {
    this.#clock = clock
    this.#delivery = delivery
    this.#lastSeen = new Batched({
      name: 'last-seen',
      everyMs: lastSeenEveryMs,
      clock,
      log,
      write: (batch) => db.write((tx) => tx.accounts.setLastSeen([...batch].map(([id, at]) => ({ id, at })))),
    })
    this.#timer = clock.every(onlineNotedEveryMs, () => {
      for (const accountId of this.#online.keys()) this.#lastSeen.set(accountId, clock.now())
    })
  }

  /** A connection of the session has opened. @returns what to dispose of when it closes. */
  arrive({ accountId, sessionId }: { accountId: AccountId; sessionId: SessionId }): Disposable {
    this.#sessions.set(sessionId, (this.#sessions.get(sessionId) ?? 0) + 1)
    const here = this.#online.get(accountId)
    if (here) here.connections += 1
    else {
      this.#online.set(accountId, { connections: 1, since: this.#clock.now() })
      this.#change(accountId)
    }
    let left = false
    return {
      [Symbol.dispose]: () => {
        if (!left) this.#leave(accountId, sessionId)
        left = true
      },
    }
  }

  #leave(accountId: AccountId, sessionId: SessionId): void {
    const ofSession = this.#sessions.get(sessionId) ?? 0
    if (ofSession > 1) this.#sessions.set(sessionId, ofSession - 1)
    else this.#sessions.delete(sessionId)
    const here = this.#online.get(accountId)
    if (!here) return
    here.connections -= 1
    if (here.connections > 0) return
    this.#online.delete(accountId)
    this.#lastSeen.set(accountId, this.#clock.now())
    this.#change(accountId)
  }

  isOnline(accountId: AccountId): boolean {
    return this.#online.has(accountId)
  }

  hasSession(sessionId: SessionId): boolean {
    return this.#sessions.has(sessionId)
  }

  get onlineCount(): number {
    return this.#online.size
  }

  /** @param storedAt when the account was last seen, as far as the database knows. */
  of(accountId: AccountId, storedAt: Timestamp | null): { online: boolean; lastSeenAt: Timestamp | null } {
    const here = this.#online.get(accountId)
    if (here) return { online: true, lastSeenAt: here.since }
    return { online: false, lastSeenAt: this.#lastSeen.get(accountId) ?? storedAt }
  }

  #change(accountId: AccountId): void {
    this.#changed.add(accountId)
    this.#tick ??= this.#clock.after(presenceTickMs, () => this.#tell())
  }

  #tell(): void {
    this.#tick = null
    const changes = Array.from(this.#changed, (accountId): Presence => ({
      accountId,
      ...this.of(accountId, this.#clock.now()),
    }))
    this.#changed.clear()
    for (let start = 0; start < changes.length; start += changesPerEventMax) {
      const some = changes.slice(start, start + changesPerEventMax)
      this.#delivery.whisperToAll(JSON.stringify({ kind: 'presence', changes: some }))
    }
  }

  async close(): Promise<void> {
    this.#timer[Symbol.dispose]()
    this.#tick?.[Symbol.dispose]()
    for (const accountId of this.#online.keys()) this.#lastSeen.set(accountId, this.#clock.now())
    await this.#lastSeen.close()
  }
}

const changesPerEventMax = 1_000
