import { type Connection, openSqlite } from './ciphers.ts'
import { pagesInLog } from '../limits.ts'
import { migrate } from './migrate.ts'

export const keyBytes = 32
const busyTimeoutMs = 2_000
const cacheKiB = 16 * 1024
const walKeptBytes = 64 * 1024 * 1024

/**
 * Opens an encrypted file, and reads each setting back: a pragma that SQLite does not take is silent otherwise. The
 * key is used as it is, without a derivation: it is random already, and deriving would take longer than the whole
 * opening may. `synchronous=FULL`: what the person did is on disk before it is shown (P7).
 *
 * @throws when the file is not one of this key.
 */
export const openEncrypted = (path: string, key: Uint8Array): Connection => opened(path, key, prepare)

/**
 * Opens an account's store.
 * @throws when the file is not a store of this key, or was made by a newer Parley.
 */
export const openStore = (path: string, key: Uint8Array): Connection =>
  opened(path, key, (connection) => {
    prepare(connection)
    migrate(connection)
  })

/** Opens a store once more, beside who has it open: to carry its log over. @throws when it is not one of this key */
export const openBeside = (path: string, key: Uint8Array): Connection =>
  opened(path, key, (connection) => set(connection, [['synchronous', 2]]))

function opened(path: string, key: Uint8Array, ready: (connection: Connection) => void): Connection {
  if (key.byteLength !== keyBytes) throw new RangeError(`The key of a store is ${keyBytes} bytes long`)
  const connection = openSqlite(path, { timeout: busyTimeoutMs })
  try {
    connection.pragma(`cipher = 'chacha20'`)
    connection.key(Buffer.from(`raw:${Buffer.from(key).toString('hex')}`))
    ready(connection)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

function prepare(connection: Connection): void {
  // Takes effect in a new file alone: what is dropped can be given back to the disk in steps.
  connection.pragma('auto_vacuum = incremental')
  set(connection, settings)
}

type Settings = readonly (readonly [name: string, value: string | number])[]

function set(connection: Connection, wanted: Settings): void {
  for (const [name, value] of wanted) {
    connection.pragma(`${name} = ${value}`)
    const taken: unknown = connection.pragma(name, { simple: true })
    if (String(taken).toLowerCase() !== String(value)) {
      throw new Error(`SQLite did not take ${name} = ${value}; it is ${String(taken)}`)
    }
  }
}

const settings: Settings = [
  // Temporary tables would lie beside the store in the clear.
  ['temp_store', 2],
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['busy_timeout', busyTimeoutMs],
  ['wal_autocheckpoint', pagesInLog],
  ['journal_size_limit', walKeptBytes],
  ['cache_size', -cacheKiB],
  ['trusted_schema', 0],
]
