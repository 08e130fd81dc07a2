import type BetterSqlite from 'better-sqlite3'

export type Connection = BetterSqlite.Database

/**
 * SQLite plans by the values given for `= ?` and `limit ?`, and so compiles such a statement again whenever they change;
 * that is at every run, as better-sqlite3 clears them after each. It takes 8 us, more than most of our queries. Behind a
 * plus, which means nothing, it does not see them.
 */
export const keepingPlan = (text: string) => text.replace(/(=\s*|\blimit\s+)(?=[?@])/gi, '$1+')

/** SQL as it stands, for the paths on which every microsecond counts, and for what Drizzle cannot say. */
export class RawQuery<Args extends unknown[], Row = never> {
  readonly #write: () => string
  readonly #mode: 'row' | 'array' | 'value'
  readonly #statements = new WeakMap<Connection, BetterSqlite.Statement<Args, Row>>()

  constructor(write: string | (() => string), mode: 'row' | 'array' | 'value' = 'row') {
    this.#write = typeof write === 'string' ? () => write : write
    this.#mode = mode
  }

  on(connection: Connection): BetterSqlite.Statement<Args, Row> {
    const known = this.#statements.get(connection)
    if (known) return known
    const statement = connection.prepare<Args, Row>(keepingPlan(this.#write()))
    if (this.#mode === 'array') statement.raw()
    if (this.#mode === 'value') statement.pluck()
    this.#statements.set(connection, statement)
    return statement
  }
}
