import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { Refusal } from '@parley/domain/refusal'
import { isFull } from './durable.ts'

const readBytes = 256 * 1024

/** What has come of an upload: how many bytes, and their hash so far where all of them came to this process. */
export interface Progress {
  readonly bytes: number
  readonly hash: Hash | null
}

/** SHA-256 in hex of a file, a piece at a time, so that others get their turn meanwhile. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(readBytes)
  await using file = await open(path)
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, readBytes)
    if (bytesRead === 0) return hash.digest('hex')
    hash.update(buffer.subarray(0, bytesRead))
  }
}

/** @throws Refusal `storage-full` in place of what the system says to a full disk. */
export async function unlessFull<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    if (!isFull(error)) throw error
    const refusal = new Refusal('storage-full', 'The server has no room for this file.')
    refusal.cause = error
    throw refusal
  }
}

/** The file that an upload fills. Once a write has failed, what is on disk past the last sync is not to be trusted. */
export class Part implements AsyncDisposable {
  readonly #file: FileHandle
  readonly #hash: Hash | null
  #bytes: number
  #failed = false

  private constructor(file: FileHandle, progress: Progress) {
    this.#file = file
    this.#bytes = progress.bytes
    this.#hash = progress.hash
  }

  /** Opens the file to go on where `progress` is; what it holds beyond that is written over. */
  static async open(path: string, progress: Progress): Promise<Part> {
    const file = await open(path, 'r+')
    try {
      const { size } = await file.stat()
      if (size < progress.bytes) throw new Error('An upload holds less than was put on disk of it')
      return new Part(file, progress.bytes === 0 ? { bytes: 0, hash: createHash('sha256') } : progress)
    } catch (error) {
      await file.close()
      throw error
    }
  }

  get bytes(): number {
    return this.#bytes
  }

  get failed(): boolean {
    return this.#failed
  }

  get progress(): Progress {
    return { bytes: this.#bytes, hash: this.#hash }
  }

  /** @throws Refusal `storage-full` */
  async write(piece: Uint8Array): Promise<void> {
    await this.#trying(async () => {
      for (let done = 0; done < piece.length;) {
        const { bytesWritten } = await this.#file.write(piece, done, piece.length - done, this.#bytes + done)
        done += bytesWritten
      }
    })
    this.#hash?.update(piece)
    this.#bytes += piece.length
  }

  /** @throws Refusal `storage-full` */
  async sync(): Promise<void> {
    await this.#trying(() => this.#file.sync())
  }

  async #trying<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await unlessFull(write)
    } catch (error) {
      this.#failed = true
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close()
  }
}
