import type { Database } from '@parley/db/stores'
import type { Clock } from '@parley/chat/clock'

const lookEveryMs = 1_000

/** Notices when writes wait and no commit comes: a disk that hangs, which no read would show. */
export class WriteWatch implements Disposable {
  readonly #db: Pick<Database, 'stats'>
  readonly #clock: Clock
  readonly #timer: Disposable
  #groups = 0
  #waitingSince: number | null = null

  constructor(db: Pick<Database, 'stats'>, clock: Clock) {
    this.#db = db
    this.#clock = clock
    this.#timer = clock.every(lookEveryMs, () => this.#look())
  }

  /** Milliseconds for which writes have been waiting without a commit, to a second or so; 0 when none wait. */
  waitingMs(): number {
    this.#look()
    return this.#waitingSince === null ? 0 : this.#clock.now() - this.#waitingSince
  }

  #look(): void {
    const { groups, waiting } = this.#db.stats
    if (waiting === 0) this.#waitingSince = null
    else if (this.#waitingSince === null || groups !== this.#groups) this.#waitingSince = this.#clock.now()
    this.#groups = groups
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }
}
