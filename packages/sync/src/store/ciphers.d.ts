/** What we use of better-sqlite3-multiple-ciphers: its own types are not among its exports. */
declare module 'better-sqlite3-multiple-ciphers' {
  namespace BetterSqlite {
    interface RunResult {
      readonly changes: number
      readonly lastInsertRowid: number | bigint
    }
    interface Statement<Args extends unknown[], Row> {
      run(...args: Args): RunResult
      get(...args: Args): Row | undefined
      all(...args: Args): Row[]
      pluck(on?: boolean): this
    }
    interface Database {
      readonly name: string
      readonly inTransaction: boolean
      prepare<Args extends unknown[] = unknown[], Row = unknown>(sql: string): Statement<Args, Row>
      /** Runs the callback in a transaction when it is called; what it throws rolls back. */
      transaction<Result>(run: () => Result): (() => Result) & { immediate(): Result }
      exec(sql: string): this
      pragma(text: string, options?: { simple?: boolean }): unknown
      key(key: Buffer): number
      close(): void
    }
  }
  const BetterSqlite: new (path: string, options?: { timeout?: number }) => BetterSqlite.Database
  export default BetterSqlite
}
