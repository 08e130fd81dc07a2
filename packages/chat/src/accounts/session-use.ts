import type { Database } from '@parley/db/stores'
import type { SessionId, Timestamp } from '@parley/domain/ids'
import { Batched } from '../batched.ts'
import type { ChatLog } from '../chat.ts'
import type { Clock } from '../clock.ts'

const flushEveryMs = 10_000

/** When each session was last used: shown to its account, and exact to some seconds. */
export class SessionUse {
  readonly #batched: Batched<SessionId, Timestamp>
  readonly #clock: Clock

  constructor(db: Database, clock: Clock, log: ChatLog) {
    this.#clock = clock
    this.#batched = new Batched({
      name: 'session-use',
      everyMs: flushEveryMs,
      clock,
      log,
      write: (batch) => db.write((tx) => tx.sessions.touch([...batch].map(([id, at]) => ({ id, at })))),
    })
  }

  used(id: SessionId): void {
    this.#batched.set(id, this.#clock.now())
  }

  flush(): Promise<void> {
    return this.#batched.flush()
  }

  close(): Promise<void> {
    return this.#batched.close()
  }
}
