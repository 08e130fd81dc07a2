import type { CompiledStatement, Connection } from './ciphers.ts'
import { type SQLiteTable, getTableConfig } from 'drizzle-orm/sqlite-core'
import type { InferSelectModel } from 'drizzle-orm'

/** SQL that is compiled once for each store. Whoever writes it says by its types what goes in and what comes out. */
export class Statement<Args extends unknown[], Row = never> {
  readonly #write: () => string
  readonly #single: boolean
  readonly #compiled = new WeakMap<Connection, CompiledStatement<Args, Row>>()

  /** @param shape `value` for statements of one column, whose rows are then its values. */
  constructor(write: string | (() => string), shape: 'row' | 'value' = 'row') {
    this.#write = typeof write === 'string' ? () => write : write
    this.#single = shape === 'value'
  }

  on(connection: Connection): CompiledStatement<Args, Row> {
    const known = this.#compiled.get(connection)
    if (known) return known
    const statement = connection.prepare<Args, Row>(this.#write())
    if (this.#single) statement.pluck()
    this.#compiled.set(connection, statement)
    return statement
  }
}

/**
 * Writes a whole row, over the one with the same key if there is one.
 * @param kept columns in which null says nothing new
 */
export const putOf = <Table extends SQLiteTable>(
  table: Table,
  kept: readonly (keyof InferSelectModel<Table>)[] = [],
) =>
  new Statement<[InferSelectModel<Table>]>(() => {
    const { name, columns, primaryKeys } = getTableConfig(table)
    const keys = primaryKeys.flatMap((key) => key.columns).concat(columns.filter((column) => column.primary))
    const keyNames = new Set(keys.map((column) => column.name))
    const names = columns.map((column) => column.name)
    const keptNames = new Set<PropertyKey>(kept)
    const changes = names
      .filter((column) => !keyNames.has(column))
      .map((column) =>
        keptNames.has(column)
          ? `"${column}" = coalesce(@${column}, "${column}")`
          : `"${column}" = @${column}`,
      )
    return (
      `insert into "${name}" (${names.map((column) => `"${column}"`).join(', ')}) ` +
      `values (${names.map((column) => `@${column}`).join(', ')}) ` +
      `on conflict (${[...keyNames].map((column) => `"${column}"`).join(', ')}) do update set ${changes.join(', ')}`
    )
  })
