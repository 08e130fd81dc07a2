import type BetterSqlite from 'better-sqlite3'
import { getTableColumns, getTableName, is, Param, Placeholder, sql } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { SQLiteTable } from 'drizzle-orm/sqlite-core'
import { keepingPlan, RawQuery } from './raw-query.ts'
import type { Connection } from './raw-query.ts'

/** What a query is given each time it runs; inside Drizzle's builders each stands for its later value. */
export type Given<Args> = <Name extends keyof Args & string>(name: Name) => Placeholder<Name, Args[Name]>

interface Built {
  toSQL(): { sql: string; params: unknown[] }
}
type RowOf<Query> = Query extends { all(): (infer Row)[] } ? Row : never

/** Where Drizzle's queries begin. It has no connection: it writes SQL, and better-sqlite3 runs it. */
export const from = drizzle.mock()

/**
 * A query written with Drizzle, turned into SQL on its first run and never again: Drizzle would do it at each call,
 * which takes longer than what SQLite then does. Rows come as better-sqlite3 makes them, which is how the schema types
 * them, as its columns hold only what SQLite holds.
 */
export class Query<Args, Row> {
  readonly #build: () => Built
  readonly #nested: boolean
  readonly #statements = new WeakMap<Connection, BetterSqlite.Statement<unknown[], Row>>()
  #sources: readonly ((args: unknown) => unknown)[] = []

  constructor(build: () => Built, nested: boolean) {
    this.#build = build
    this.#nested = nested
  }

  get(connection: Connection, args: Args): Row | undefined {
    const statement = this.#on(connection)
    return statement.get(...this.#values(args))
  }

  all(connection: Connection, args: Args): Row[] {
    const statement = this.#on(connection)
    return statement.all(...this.#values(args))
  }

  /** @returns how many rows were changed. */
  run(connection: Connection, args: Args): number {
    const statement = this.#on(connection)
    return statement.run(...this.#values(args)).changes
  }

  #values(args: Args): unknown[] {
    return this.#sources.map((source) => source(args))
  }

  #on(connection: Connection): BetterSqlite.Statement<unknown[], Row> {
    const known = this.#statements.get(connection)
    if (known) return known
    const { sql: text, params } = this.#build().toSQL()
    this.#sources = params.map(sourceOf)
    const statement = connection.prepare<unknown[], Row>(keepingPlan(text))
    if (this.#nested) statement.expand()
    this.#statements.set(connection, statement)
    return statement
  }
}

const sourceOf = (param: unknown): ((args: unknown) => unknown) => {
  const value: unknown = is(param, Param) ? param.value : param
  if (!is(value, Placeholder)) return () => value
  const name: string = value.name
  return (args) => {
    if (typeof args !== 'object' || args === null || !(name in args))
      throw new TypeError(`The query needs '${name}'`)
    const known: unknown = Reflect.get(args, name)
    return known
  }
}

const given = <Name extends string>(name: Name) => sql.placeholder(name)

/** A query of one table; or, given `nested`, of several, whose rows then hold a row of each under its name. */
export const query = <Args, Q extends Built>(build: (given: Given<Args>) => Q): Query<Args, RowOf<Q>> =>
  new Query(() => build(given), false)

export const nestedQuery = <Args, Q extends Built>(build: (given: Given<Args>) => Q): Query<Args, RowOf<Q>> =>
  new Query(() => build(given), true)

/** A row as it is written: all columns, so that none is forgotten, but for the number that SQLite gives. */
export type NewRow<Table extends SQLiteTable> = Omit<InferSelectModel<Table>, 'number'>

/** Inserts a whole row. */
export const insertOf = <Table extends SQLiteTable>(table: Table, onConflict = '') =>
  new RawQuery<[NewRow<Table>]>(() => {
    const columns = columnsOf(table)
    const names = columns.map((name) => `"${name}"`).join(', ')
    return `insert into "${getTableName(table)}" (${names}) values (${columns.map((name) => `@${name}`).join(', ')}) ${onConflict}`
  })

/** Writes a whole row over the one with the same key. */
export const replaceOf = <Table extends SQLiteTable>(table: Table, key: keyof NewRow<Table> & string) =>
  new RawQuery<[NewRow<Table>]>(() => {
    const changes = columnsOf(table).filter((name) => name !== key)
    return `update "${getTableName(table)}" set ${changes.map((name) => `"${name}" = @${name}`).join(', ')} where "${key}" = @${key}`
  })

const columnsOf = (table: SQLiteTable) =>
  Object.keys(getTableColumns(table)).filter((name) => name !== 'number')
