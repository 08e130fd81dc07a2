import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Refusal } from '@parley/domain/refusal'

/** Files that were chosen and that nobody has taken; past it the oldest choice is forgotten. */
export const chosenFilesMax = 200

/** What a page knows of a file that a person chose: enough to show it, and a handle to name it to the engine by. */
export interface ChosenFile {
  readonly handle: string
  readonly name: string
  /** 0 for a file that is to be written. */
  readonly bytes: number
}

/** What the engine gets for a handle. */
export interface ClaimedFile {
  readonly path: string
  readonly purpose: 'read' | 'write'
}

/** Asks the person, by the system's dialogs. */
export interface FileDialogs {
  pick(): Promise<readonly string[]>
  save(suggestedName: string): Promise<string | null>
}

/**
 * Files that a person chose in one of the system's dialogs. The page gets a handle and never a path, so whatever runs
 * in it can name no file that was not chosen; the engine turns a handle into its path, once.
 */
export class ChosenFiles {
  readonly #dialogs: FileDialogs
  readonly #chosen = new Map<string, ClaimedFile>()

  constructor(dialogs: FileDialogs) {
    this.#dialogs = dialogs
  }

  async pick(): Promise<readonly ChosenFile[]> {
    const paths = await this.#dialogs.pick()
    const files = await Promise.all(paths.slice(0, chosenFilesMax).map((path) => this.#keepFile(path)))
    return files.filter((file) => file !== null)
  }

  /** @returns null when the person thought better of it. */
  async save(suggestedName: string): Promise<ChosenFile | null> {
    const path = await this.#dialogs.save(basename(suggestedName))
    return path === null ? null : this.#keep(path, 'write', 0)
  }

  /** @throws Refusal `not-found` for a handle that was never given, is too old, or was claimed before. */
  claim(handle: string): ClaimedFile {
    const file = this.#chosen.get(handle)
    if (!file) throw new Refusal('not-found', 'This file was not chosen, or was taken before.')
    this.#chosen.delete(handle)
    return file
  }

  async #keepFile(path: string): Promise<ChosenFile | null> {
    const found = await stat(path).catch(() => null)
    return found?.isFile() ? this.#keep(path, 'read', found.size) : null
  }

  #keep(path: string, purpose: ClaimedFile['purpose'], bytes: number): ChosenFile {
    const handle = randomUUID()
    this.#chosen.set(handle, { path, purpose })
    for (const oldest of this.#chosen.keys()) {
      if (this.#chosen.size <= chosenFilesMax) break
      this.#chosen.delete(oldest)
    }
    return { handle, name: basename(path), bytes }
  }
}
