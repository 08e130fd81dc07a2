import { createRequire } from 'node:module'

// What we use of better-sqlite3-multiple-ciphers. Its own types are not among its exports, so they are said here.

export interface CompiledStatement<Args extends unknown[], Row> {
  run(...args: Args): { readonly changes: number; readonly lastInsertRowid: number | bigint }
  get(...args: Args): Row | undefined
  all(...args: Args): Row[]
  pluck(on?: boolean): this
}

export interface Connection {
  readonly name: string
  readonly inTransaction: boolean
  prepare<Args extends unknown[] = unknown[], Row = unknown>(sql: string): CompiledStatement<Args, Row>
  /** Runs the callback in a transaction when it is called; what it throws rolls back. */
  transaction<Result>(run: () => Result): (() => Result) & { immediate(): Result }
  exec(sql: string): this
  pragma(text: string, options?: { simple?: boolean }): unknown
  key(key: Buffer): number
  close(): void
}

type Constructor = new (path: string, options?: { timeout?: number }) => Connection

const isConstructor = (value: unknown): value is Constructor => typeof value === 'function'

/** Reads the library from the disk, which takes longer than opening a store does, while there is time for it. */
export function readSqlite(): void {
  // The native part comes with the first file.
  openSqlite(':memory:').close()
}

/** Opens a file of SQLite, or one in memory by the name `:memory:`. */
export function openSqlite(path: string, options?: { timeout?: number }): Connection {
  const require = createRequire(import.meta.url)
  const library: unknown = require('better-sqlite3-multiple-ciphers')
  if (!isConstructor(library)) throw new Error('better-sqlite3-multiple-ciphers is not what it was')
  return new library(path, options)
}
