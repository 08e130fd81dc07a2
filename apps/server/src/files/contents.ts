import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isMissing, syncFolder } from './durable.ts'
import { Turns } from './turns.ts'

const hashForm = /^[0-9a-f]{64}$/

/** The folders in which contents lie, by the first two digits of their hashes. */
export const contentFolders: readonly string[] = Array.from({ length: 256 }, (_, n) =>
  n.toString(16).padStart(2, '0'),
)

export const isContentHash = (name: string): boolean => hashForm.test(name)

/** The path of a content from the folder of all of them, with forward slashes. */
export const contentPath = (contentHash: string): string => {
  if (!isContentHash(contentHash)) throw new Error('A content is named by its SHA-256 in hex')
  return `${contentHash.slice(0, 2)}/${contentHash}`
}

/**
 * What attachments hold, each content once, under its SHA-256. Files here are whole: they come by a rename, and are
 * on disk for good before anything in the database speaks of them.
 */
export class Contents {
  readonly directory: string
  readonly #turns = new Turns()

  constructor(directory: string) {
    this.directory = directory
  }

  /**
   * While a content is held, whether anything uses it is decided by the holder alone: whoever makes an attachment of
   * it holds it until the row is there, and whoever removes it holds it from the question to the removal.
   */
  hold(contentHash: string): Promise<Disposable> {
    return this.#turns.take(contentHash)
  }

  async has(contentHash: string): Promise<boolean> {
    return (await this.bytesOf(contentHash)) !== null
  }

  async bytesOf(contentHash: string): Promise<number | null> {
    try {
      return (await stat(this.#path(contentHash))).size
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  /**
   * Moves a synced file in. Where the same content lies already it is replaced, which also heals it if it was damaged.
   * @returns false when there is no such file.
   */
  async adopt(file: string, contentHash: string): Promise<boolean> {
    const path = this.#path(contentHash)
    const made = await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    if (made !== undefined) await syncFolder(this.directory)
    try {
      await rename(file, path)
    } catch (error) {
      if (isMissing(error)) return false
      throw error
    }
    await syncFolder(dirname(path))
    return true
  }

  /** Moves a content back to where it came from, as nothing came to use it. */
  async giveBack(contentHash: string, file: string): Promise<void> {
    await rename(this.#path(contentHash), file)
    await syncFolder(dirname(file))
  }

  async remove(contentHash: string): Promise<void> {
    try {
      await unlink(this.#path(contentHash))
    } catch (error) {
      if (!isMissing(error)) throw error
    }
  }

  /** The names in one of `contentFolders`. */
  async names(folder: string): Promise<string[]> {
    try {
      return await readdir(join(this.directory, folder))
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  #path(contentHash: string): string {
    return join(this.directory, contentPath(contentHash))
  }
}
