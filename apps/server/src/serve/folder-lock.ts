import { type DataFolderLock, lockDataFolder } from '@parley/db/lock'
import type { DataFolder } from './data-folder.ts'

/** Another process works on the data folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

/** Takes the folder for this process. @throws FolderInUse */
export function takeFolder(folder: DataFolder): DataFolderLock {
  try {
    return lockDataFolder(folder.path)
  } catch (error) {
    if (!isBusy(error)) throw error
    throw new FolderInUse(`The data folder ${folder.path} is in use by another Parley.`, { cause: error })
  }
}

const isBusy = (error: unknown) =>
  error instanceof Error &&
  error.cause instanceof Error &&
  'code' in error.cause &&
  error.cause.code === 'SQLITE_BUSY'
