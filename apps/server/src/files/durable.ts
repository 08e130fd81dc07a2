import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Puts on disk for good which files a folder holds: syncing a file says nothing of its name. Windows has no such
 * call, and writes names in order.
 */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  await using folder = await open(path)
  await folder.sync()
}

/** Writes a small file for good. Whenever the power goes, either all of the new is there or what it held before. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  {
    await using file = await open(fresh, 'w', 0o600)
    await file.writeFile(text)
    await file.sync()
  }
  await rename(fresh, path)
  await syncFolder(dirname(path))
}

/** Whether a call failed because there is nothing at the path. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'

/** Whether a write failed because the disk, or the share of it that we may use, is full. */
export const isFull = (error: unknown): boolean => codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT'

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)
