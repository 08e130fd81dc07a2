import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { RestoreReason } from '../stores.ts'
import { headOf } from './head.ts'
import { isFull } from './storage-failure.ts'
import type { Connection } from './raw-query.ts'
import { RawQuery } from './raw-query.ts'

/** What lies beside a database, and what no copy of it takes along. */
interface Mark {
  /**
   * Of runs: the last one of the database, and where that was just beginning also the one before, which is `''` where
   * there was none.
   */
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
  readonly #run: string
  readonly #head: () => number
  /** What the mark says of the log, and whether it names this run alone. */
  #marked: number
  #isWhole = true
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
    const run = randomUUID()
    const goesOn = before ?? ''
    // With a schema that is not the one which was noted, the next start would take it for a copy.
    const mayGoOn = !isNew && this.restored === null && isNoted(connection)
    try {
      // A crash in between must leave one of those that the mark names. After a restore the old one is not to be known again.
      writeMark(this.#path, { runs: this.restored === null ? [goesOn, run] : [run], head: this.#marked })
      begin(connection, { run, restored: this.restored, head: this.#marked, isNew })
    } catch (error) {
      if (!mayGoOn || !isFull(error)) throw error
      // Nothing is lost by it: the mark names this one in either case, and how far the log comes is told as ever.
      this.#run = goesOn
      this.#isWhole = false
      return
    }
    this.#run = run
    try {
      if (this.restored === null) writeMark(this.#path, { runs: [run], head: this.#marked })
    } catch (error) {
      if (!isFull(error)) throw error
      this.#isWhole = false
    }
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
    if (head === this.#marked && this.#isWhole) return
    try {
      const file = await open(`${this.#path}.new`, 'w', 0o600)
      try {
        await file.writeFile(textOf({ runs: [this.#run], head }))
        await file.datasync()
      } finally {
        await file.close()
      }
      await rename(`${this.#path}.new`, this.#path)
      await syncFolderOf(this.#path)
      this.#marked = head
      this.#isWhole = true
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

interface Beginning {
  readonly run: string
  readonly restored: RestoreReason | null
  readonly head: number
  readonly isNew: boolean
}

/** The database is this run's from now on, and where it was put back its log is another. */
function begin(connection: Connection, { run, restored, head, isNew }: Beginning): void {
  connection
    .transaction(() => {
      if (isNew || restored !== null) setMeta.on(connection).run('logId', randomUUID())
      if (restored !== null) {
        const event = { reason: restored, at: Date.now(), head }
        setMeta.on(connection).run('restored', JSON.stringify(event))
      }
      setMeta.on(connection).run('run', run)
      setMeta.on(connection).run('schemaVersion', String(schemaVersionOf(connection)))
    })
    .immediate()
}

/** Whether the schema is the one that the last run left, or one from before that was noted. */
const isNoted = (connection: Connection): boolean => {
  const noted = meta.on(connection).get('schemaVersion')
  return noted === undefined || noted === String(schemaVersionOf(connection))
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
  if (!mark.runs.includes(run ?? '')) return 'other-mark'
  if (headOf(connection) < mark.head) return 'behind'
  if (run === undefined) return null
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
    writeFileSync(file, textOf(mark))
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.new`, path)
  if (!foldersSync) return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

/** Which files a folder holds is not on disk with the files. Windows has no such call, and writes names in order. */
const foldersSync = process.platform !== 'win32'

async function syncFolderOf(path: string): Promise<void> {
  if (!foldersSync) return
  await using folder = await open(dirname(path))
  await folder.sync()
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
