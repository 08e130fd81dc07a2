import { randomUUID } from 'node:crypto'
import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import type { RestoreReason } from '../stores.ts'
import { headOf } from './head.ts'
import type { Connection } from './raw-query.ts'
import { RawQuery } from './raw-query.ts'

/** What lies beside a database, and what no copy of it takes along. */
interface Mark {
  /** Of runs: the last one of the database, and where that was just beginning also the one before. */
  readonly runs: readonly string[]
  /** A position that is on disk in the database, so that one with less is an older one. */
  readonly head: number
}

export const instancePathOf = (databasePath: string) => `${databasePath.replace(/\.sqlite$/, '')}.instance`

const meta = new RawQuery<[key: string], string>('select value from meta where key = ?', 'value')
const setMeta = new RawQuery<[key: string, value: string]>(
  'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
)

/** How far the mark may lie behind, in time. A restore right after a crash could be missed for as long. */
const markEveryMs = 2_000

/**
 * Tells whether a database is the one that a server last wrote here, and keeps what tells it: a name for each run, in
 * the database and in the mark beside it, and how far the log had come. `docs/decisions/0016` says why so.
 */
export class Instance {
  readonly restored: RestoreReason | null
  readonly #path: string
  readonly #run = randomUUID()
  readonly #head: () => number
  #marked: number
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  /**
   * @param options.schemaVersion what the file had before any migration.
   * @param options.head what of the log is on disk by now.
   */
  constructor(
    connection: Connection,
    options: { isRestored: boolean; schemaVersion: number; head: () => number },
  ) {
    this.#path = instancePathOf(connection.name)
    this.#head = options.head
    const before = meta.on(connection).get('run')
    const isNew = meta.on(connection).get('logId') === undefined
    this.restored = isNew ? null : options.isRestored ? 'told' : reasonOf(connection, options.schemaVersion)
    this.#marked = headOf(connection)
    // A crash in between must leave one of the two that the mark names. After a restore the old one is not to be known again.
    if (before !== undefined && this.restored === null)
      writeMark(this.#path, { runs: [before, this.#run], head: this.#marked })
    connection
      .transaction(() => {
        if (isNew || this.restored !== null) setMeta.on(connection).run('logId', randomUUID())
        if (this.restored !== null) {
          const event = { reason: this.restored, at: Date.now(), head: this.#marked }
          setMeta.on(connection).run('restored', JSON.stringify(event))
        }
        setMeta.on(connection).run('run', this.#run)
        setMeta.on(connection).run('schemaVersion', String(schemaVersionOf(connection)))
      })
      .immediate()
    writeMark(this.#path, { runs: [this.#run], head: this.#marked })
  }

  /** There was a commit. */
  committed(): void {
    if (this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.#writing = this.#write()
    }, markEveryMs)
    this.#timer.unref()
  }

  /** Beside the commits, which must not wait for it. Without room on the disk the mark stays behind, which is true too. */
  async #write(): Promise<void> {
    const head = this.#head()
    if (head === this.#marked) return
    try {
      const file = await open(`${this.#path}.new`, 'w', 0o600)
      try {
        await file.writeFile(textOf({ runs: [this.#run], head }))
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(`${this.#path}.new`, this.#path)
      this.#marked = head
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
    }
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.#writing
    await this.#write()
  }
}

/** Why a database is taken for restored; null where it is the one that was here last. */
export function reasonOf(
  connection: Connection,
  schemaVersion: number,
  mark = readMark(connection.name),
): RestoreReason | null {
  const run = meta.on(connection).get('run')
  // Written by a version that left no mark.
  if (run === undefined && mark === null) return null
  if (mark === null) return 'no-mark'
  if (run === undefined || !mark.runs.includes(run)) return 'other-mark'
  if (headOf(connection) < mark.head) return 'behind'
  // A copy by `VACUUM INTO` counts one schema more.
  return meta.on(connection).get('schemaVersion') === String(schemaVersion) ? null : 'vacuumed'
}

/** When the log got its present id because the database was put back; null where it never was. */
export function lastRestore(connection: Connection): { reason: string; at: number; head: number } | null {
  const text = meta.on(connection).get('restored')
  if (text === undefined) return null
  const { reason, at, head } = fieldsOf(text)
  return typeof reason === 'string' && typeof at === 'number' && typeof head === 'number'
    ? { reason, at, head }
    : null
}

/** @returns null where there is none; one that cannot be read is of no run. */
export function readMark(databasePath: string): Mark | null {
  let text: string
  try {
    text = readFileSync(instancePathOf(databasePath), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const { runs, head } = fieldsOf(text)
  return {
    runs: Array.isArray(runs) ? runs.filter((run) => typeof run === 'string') : [],
    head: typeof head === 'number' ? head : 0,
  }
}

const about =
  'Belongs to the database beside it, and to no copy of it: leave it out of backups, and where it is when you put one back.'

const textOf = (mark: Mark) => `${JSON.stringify({ about, ...mark })}\n`

function writeMark(path: string, mark: Mark): void {
  const file = openSync(`${path}.new`, 'w', 0o600)
  try {
    writeSync(file, textOf(mark))
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.new`, path)
}

/** SQLite counts it up with each change of the schema, and in what `VACUUM` makes. */
export const schemaVersionOf = (connection: Connection): number =>
  Number(connection.pragma('schema_version', { simple: true }))

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
