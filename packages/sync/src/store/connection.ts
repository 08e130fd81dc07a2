import { type Connection, openSqlite } from './ciphers.ts'
import { migrate } from './migrate.ts'

export const keyBytes = 32
const busyTimeoutMs = 2_000
const cacheKiB = 16 * 1024
/** What a commit may have to carry over from the log into the file: larger ones were felt as a stall of the screen. */
const checkpointPages = 1_000
const walKeptBytes = 64 * 1024 * 1024

/**
 * Opens an encrypted file, and reads each setting back: a pragma that SQLite does not take is silent otherwise. The
 * key is used as it is, without a derivation: it is random already, and deriving would take longer than the whole
 * opening may. `synchronous=FULL`: what the person did is on disk before it is shown (P7).
 *
 * @throws when the file is not one of this key.
 */
export function openEncrypted(path: string, key: Uint8Array): Connection {
  if (key.byteLength !== keyBytes) throw new RangeError(`The key of a store is ${keyBytes} bytes long`)
  const connection = openSqlite(path, { timeout: busyTimeoutMs })
  try {
    connection.pragma(`cipher = 'chacha20'`)
    connection.key(Buffer.from(`raw:${Buffer.from(key).toString('hex')}`))
    // Takes effect in a new file alone: what is dropped can be given back to the disk in steps.
    connection.pragma('auto_vacuum = incremental')
    for (const [name, value] of settings) {
      connection.pragma(`${name} = ${value}`)
      const taken: unknown = connection.pragma(name, { simple: true })
      if (String(taken).toLowerCase() !== String(value)) {
        throw new Error(`SQLite did not take ${name} = ${value}; it is ${String(taken)}`)
      }
    }
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

/**
 * Opens an account's store.
 * @throws when the file is not a store of this key, or was made by a newer Parley.
 */
export function openStore(path: string, key: Uint8Array): Connection {
  const connection = openEncrypted(path, key)
  try {
    migrate(connection)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

const settings: readonly (readonly [name: string, value: string | number])[] = [
  // Temporary tables would lie beside the store in the clear.
  ['temp_store', 2],
  ['journal_mode', 'wal'],
  ['synchronous', 2],
  ['busy_timeout', busyTimeoutMs],
  ['wal_autocheckpoint', checkpointPages],
  ['journal_size_limit', walKeptBytes],
  ['cache_size', -cacheKiB],
  ['trusted_schema', 0],
]
