import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyBytes } from '@parley/sync/store/connection'
import { BotError } from './bot-error.ts'

/** The files of a bot. */
export interface Folder {
  readonly store: string
  readonly ledger: string
  /** What both are encrypted with. */
  readonly key: Uint8Array
}

/**
 * Makes the folder where it is not there, for its owner alone. Without a key, one is made and kept in it: the encryption
 * is then worth what the folder's permissions are.
 * @throws BotError `wrong-key` for one of another length.
 */
export async function openFolder(path: string, key: Uint8Array | undefined): Promise<Folder> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const taken = key ?? (await keptKey(join(path, 'key')))
  if (taken.byteLength !== keyBytes) throw new BotError('wrong-key', `The key is ${keyBytes} bytes long.`)
  return { store: join(path, 'store.db'), ledger: join(path, 'handed.db'), key: taken }
}

async function keptKey(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  const key = randomBytes(keyBytes)
  await using file = await open(path, 'wx', 0o600)
  await file.writeFile(key)
  await file.sync()
  return key
}
