import type { Me } from '@parley/domain/accounts'
import type { Topics } from '../topics.ts'
import type { Topic } from '../views.ts'
import { Carrying } from './carrying.ts'
import type { Connection } from './ciphers.ts'
import { openStore } from './connection.ts'
import { meValue, type Standing, standingValue, timesSyncedValue } from './meta.ts'
import { Operations } from './operations.ts'

/** What a transaction says that it changes; it is told once the transaction is on disk. */
export type Touch = (topic: Topic) => void

export interface Carrier {
  readonly script: URL
  readonly onDefect: (error: unknown) => void
}

/** The account's file, and what of it is asked for all the time. */
export class Store implements Disposable {
  readonly connection: Connection
  readonly operations: Operations
  readonly #topics: Topics
  readonly #carrying: Carrying | null
  #standing: Standing | null
  #me: Me | null
  #isSynced = true

  constructor(path: string, key: Uint8Array, topics: Topics, carrier: Carrier | null = null) {
    this.connection = openStore(path, key)
    const { connection } = this
    this.#carrying = carrier && new Carrying({ connection, start: { path, key }, ...carrier })
    this.operations = new Operations(this.connection)
    this.#topics = topics
    this.#standing = standingValue.read(this.connection)
    this.#me = meValue.read(this.connection)
  }

  get standing(): Standing | null {
    return this.#standing
  }

  /** Null until the first snapshot. */
  get me(): Me | null {
    return this.#me
  }

  /** Once a snapshot has come. */
  get account(): Me {
    if (this.#me === null) throw new Error('No snapshot has come yet')
    return this.#me
  }

  putStanding(standing: Standing): void {
    standingValue.write(this.connection, standing)
    this.#standing = standing
  }

  putMe(me: Me): void {
    meValue.write(this.connection, me)
    this.#me = me
  }

  /** Runs a change as one transaction: it is on disk when this returns, and only then anybody is told. */
  write<Result>(change: (touch: Touch) => Result): Result {
    const touched = new Set<Topic>()
    try {
      const result = this.connection.transaction(() => change((topic) => void touched.add(topic))).immediate()
      for (const topic of touched) this.#topics.touch(topic)
      this.#carrying?.wrote()
      return result
    } catch (error) {
      // What was kept beside the file is as the file still is.
      this.#standing = standingValue.read(this.connection)
      this.#me = meValue.read(this.connection)
      this.operations.readAgain()
      throw error
    }
  }

  /**
   * Runs a change as one transaction that the power's failing may undo, together with all that came after it and was not
   * for ever either, until `sync` or the next `write` that changes something: for what the server brings once more then.
   * The end of a process undoes nothing. It does not wait for the disk.
   */
  writeAhead<Result>(change: (touch: Touch) => Result): Result {
    // Within another change it goes with that one.
    if (this.connection.inTransaction) return this.write(change)
    this.#isSynced = false
    // See "PRAGMA synchronous": in WAL mode NORMAL keeps the order of commits and syncs none of them.
    this.connection.pragma('synchronous = normal')
    try {
      return this.write(change)
    } finally {
      this.connection.pragma('synchronous = full')
    }
  }

  /** Whether `writeAhead` left nothing for `sync` to do. */
  get isSynced(): boolean {
    return this.#isSynced
  }

  /** Everything that was written is on disk for good when this returns. */
  sync(): void {
    if (this.#isSynced) return
    const { connection } = this
    // A commit has the whole log synced, if it changes anything: SQLite passes over what is written as it was.
    this.write(() => timesSyncedValue.write(connection, (timesSyncedValue.read(connection) ?? 0) + 1))
    this.#isSynced = true
  }

  /** For who writes much, between two steps: null, or over in some milliseconds. The log can begin anew then. */
  get resting(): Promise<void> | null {
    return this.#carrying?.rest ?? null
  }

  /** Beside whoever carries its log over. */
  async close(): Promise<void> {
    await this.#carrying?.close()
    this[Symbol.dispose]()
  }

  [Symbol.dispose](): void {
    this.connection.close()
  }
}
