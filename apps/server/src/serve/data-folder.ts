import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** What lies where in a data folder. */
export interface DataFolder {
  readonly path: string
  readonly database: string
  /** Attachments by the hash of their content, and uploads that are not complete. */
  readonly attachments: string
  /** How `parley admin` reaches the server that runs on this folder; only its owner may read it. */
  readonly control: string
  /** Room on the disk for a start that finds none. */
  readonly reserve: string
}

export const dataFolderAt = (path: string): DataFolder => ({
  path,
  database: join(path, 'parley.sqlite'),
  attachments: join(path, 'attachments'),
  control: join(path, 'control'),
  reserve: join(path, 'parley.reserve'),
})

/** Makes the folder where it is not there yet: for its owner alone, as everybody's messages will be in it. */
export function makeDataFolder(folder: DataFolder): void {
  mkdirSync(folder.path, { recursive: true, mode: 0o700 })
  mkdirSync(folder.control, { recursive: true, mode: 0o700 })
  chmodSync(folder.control, 0o700)
}

/** For commands that work on data which is there: a slip in the path must not make a second, empty server. */
export function refuseMissing(folder: DataFolder): void {
  if (!existsSync(folder.path))
    throw new Error(`There is no data folder ${folder.path}; "parley serve" makes it.`)
}
