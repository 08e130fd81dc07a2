import { open, rename, rm } from 'node:fs/promises'
import { backoffMs } from '@parley/client/backoff'
import { pause } from '@parley/client/clock'
import { ParleyError } from '@parley/client/parley-error'
import { AttachmentId, type MessageId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { SealedError } from '@parley/domain/sealed/causes'
import { type AttachmentKey, DraftAttachmentId } from '../actions.ts'
import {
  attachmentInMemoryBytesMax,
  chunkBytes,
  downloadIdleMs,
  downloadTriesMax,
  downloadsAtOnceMax,
  downloadsWaitingMax,
} from '../limits.ts'
import { verdictOfError } from '../outbox/verdict.ts'
import { refusalOf } from '../sealing/kit.ts'
import type { Clock, ServerPort } from '../ports.ts'
import {
  beginFile,
  bytesOf,
  copyName,
  type CopyName,
  endFile,
  fileOf,
  type HeldFile,
  nameFile,
  putChunk,
  touchFile,
} from '../store/files.ts'
import type { Store } from '../store/store.ts'
import type { Topics } from '../topics.ts'
import type { Progress, Transfer } from '../views.ts'
import { Turns } from './turns.ts'
import { fromServer, type Shown, shownIn } from './wire.ts'

export interface DownloadsSurroundings {
  readonly store: Store
  readonly server: ServerPort
  readonly topics: Topics
  readonly clock: Clock
  readonly random: () => number
  readonly breathe: () => Promise<void>
  /** Files that are being taken in. */
  readonly underWay: Set<string>
  /** A copy came in, for which others may have had to go. */
  readonly onCopy: () => void
}

export interface SaveOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

type Found =
  | { readonly held: HeldFile; readonly shown: Shown | null }
  | { readonly held: null; readonly shown: Shown }

/** Brings attachments from the store, where a copy is held, and from the server where not. */
export class Downloads {
  readonly #surroundings: DownloadsSurroundings
  readonly #turns = new Turns(downloadsAtOnceMax, downloadsWaitingMax)
  /** Whoever asks for the same gets the same. */
  readonly #coming = new Map<CopyName, Promise<Uint8Array>>()
  readonly #progress = new Map<AttachmentId, Progress>()
  readonly #ending = new AbortController()

  constructor(surroundings: DownloadsSurroundings) {
    this.#surroundings = surroundings
  }

  transfers(): Transfer[] {
    return [...this.#progress].map(([attachmentId, progress]) => ({
      direction: 'down',
      attachmentId,
      operationId: null,
      conversationId: null,
      ...progress,
    }))
  }

  /** The bytes. What came from the server is kept, so that it can be looked at again without it. */
  async bytes(key: AttachmentKey, messageId: MessageId | null): Promise<Uint8Array> {
    const found = this.#find(key, messageId)
    if (found.held) {
      const { held } = found
      if (held.bytes > attachmentInMemoryBytesMax) throw tooLarge()
      const parts: Uint8Array[] = []
      for await (const part of this.#partsHeld(held)) parts.push(part)
      return joined(parts, held.bytes)
    }
    const { shown } = found
    const name = copyName(shown.id, shown.secret)
    const coming = this.#coming.get(name) ?? this.#bring(shown, name)
    this.#coming.set(name, coming)
    return coming
  }

  /** Into a file that the person chose; what was there is replaced once all has come. */
  async save(
    key: AttachmentKey,
    messageId: MessageId | null,
    path: string,
    { onProgress, signal }: SaveOptions,
  ): Promise<void> {
    const part = `${path}.part`
    const found = this.#find(key, messageId)
    const { held } = found
    try {
      {
        await using file = await open(part, 'w')
        const parts = found.held ? this.#partsHeld(found.held) : this.#parts(found.shown, signal, onProgress)
        let doneBytes = 0
        for await (const data of parts) {
          await file.write(data)
          doneBytes += data.length
          if (held) onProgress?.({ doneBytes, bytes: held.bytes })
          signal?.throwIfAborted()
        }
        await file.sync()
      }
      await rename(part, path)
    } catch (error) {
      await rm(part, { force: true })
      throw isFull(error)
        ? new Refusal('too-large', 'There is no room left on the disk for this file.')
        : error
    }
  }

  close(): void {
    this.#ending.abort()
  }

  /** The file as it is held, or what brings it. @throws Refusal `not-found` */
  #find(key: AttachmentKey, messageId: MessageId | null): Found {
    const { store } = this.#surroundings
    const draft = DraftAttachmentId.safeParse(key).data
    const id = AttachmentId.safeParse(key).data
    const shown = id === undefined ? null : shownIn(store.connection, id, messageId)
    const name = shown ? copyName(shown.id, shown.secret) : draft
    const held = name === undefined ? null : fileOf(store.connection, name)
    if (held) {
      store.write(() => touchFile(store.connection, held))
      return { held, shown }
    }
    if (!shown) throw new Refusal('not-found', 'This file was taken back.')
    return { held: null, shown }
  }

  async *#partsHeld(held: HeldFile): AsyncGenerator<Uint8Array, void, undefined> {
    const { store, breathe } = this.#surroundings
    for (let at = 0; at < held.bytes; at += chunkBytes) {
      if (this.#ending.signal.aborted) throw new ParleyError('closed', 'The engine was closed.')
      yield* bytesOf(store.connection, held, at, at + chunkBytes)
      await breathe()
    }
  }

  async #bring(shown: Shown, name: CopyName): Promise<Uint8Array> {
    try {
      let bytes = 0
      const parts: Uint8Array[] = []
      const tooMuch = ({ bytes: all }: Progress) => {
        if (all > attachmentInMemoryBytesMax) throw tooLarge()
      }
      for await (const part of this.#parts(shown, undefined, tooMuch)) {
        parts.push(part)
        bytes += part.length
      }
      const whole = joined(parts, bytes)
      await this.#keep(name, whole)
      return whole
    } finally {
      this.#coming.delete(name)
    }
  }

  async #keep(name: CopyName, whole: Uint8Array): Promise<void> {
    const { store, underWay, breathe, topics, onCopy } = this.#surroundings
    const { connection } = store
    underWay.add(name)
    try {
      store.write(() => beginFile(connection, name))
      for (let at = 0, part = 0; at < whole.length; at += chunkBytes, part += 1) {
        store.write(() => putChunk(connection, name, part, whole.subarray(at, at + chunkBytes)))
        await breathe()
        if (this.#ending.signal.aborted) return
      }
      store.write(() => {
        endFile(connection, name, whole.length)
        nameFile(connection, name, name)
      })
    } finally {
      underWay.delete(name)
      topics.touch('transfers')
      onCopy()
    }
  }

  /** From the server, going on where it broke off. @throws ParleyError, with the cause of what was changed on its way; Refusal `too-many`. */
  async *#parts(
    shown: Shown,
    signal: AbortSignal | undefined,
    onProgress: ((progress: Progress) => void) | undefined,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { server, clock, random, topics } = this.#surroundings
    const { id } = shown
    const ends = [this.#ending.signal, ...(signal ? [signal] : [])]
    using _turn = await this.#turns.take()
    let doneBytes = 0
    try {
      for (let failures = 0; ;) {
        using idle = new Idle(clock)
        try {
          const wish = { fromByte: doneBytes, signal: AbortSignal.any([...ends, idle.signal]) }
          const download = await fromServer(server, shown, wish)
          const bytes = doneBytes + download.bytes
          this.#tell(id, { doneBytes, bytes }, onProgress)
          for await (const part of download.parts) {
            idle.restart()
            doneBytes += part.length
            failures = 0
            yield part
            this.#tell(id, { doneBytes, bytes }, onProgress)
          }
          if (doneBytes >= bytes) return
          throw new ParleyError('connection-lost', 'The download broke off.')
        } catch (error) {
          failures += 1
          const verdict = verdictOfError(error, failures)
          const isOver = ends.some((each) => each.aborted)
          const passing = verdict.kind === 'again' || idle.signal.aborted
          // Whoever is offline is told at once, and not after some tries.
          const isHopeless = doneBytes === 0 && server.state.kind !== 'online'
          if (error instanceof SealedError) throw refusalOf(error)
          if (isOver || !passing || isHopeless || failures >= downloadTriesMax) throw error
          const waitMs = verdict.kind === 'again' ? (verdict.waitMs ?? 0) : 0
          await pause(clock, waitMs + backoffMs(failures, random), AbortSignal.any(ends))
        }
      }
    } finally {
      this.#progress.delete(id)
      topics.touch('transfers')
    }
  }

  #tell(id: AttachmentId, progress: Progress, onProgress?: (progress: Progress) => void): void {
    this.#progress.set(id, progress)
    this.#surroundings.topics.touch('transfers')
    onProgress?.(progress)
  }
}

/** Gives up what brings nothing for too long. */
class Idle implements Disposable {
  readonly #clock: Clock
  readonly #ending = new AbortController()
  #timer: Disposable

  constructor(clock: Clock) {
    this.#clock = clock
    this.#timer = this.#start()
  }

  get signal(): AbortSignal {
    return this.#ending.signal
  }

  restart(): void {
    this.#timer[Symbol.dispose]()
    this.#timer = this.#start()
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
  }

  #start(): Disposable {
    return this.#clock.after(downloadIdleMs, () => this.#ending.abort())
  }
}

const tooLarge = () =>
  new Refusal('too-large', 'This attachment is too large to be shown; it can be saved to a file.')

function joined(parts: readonly Uint8Array[], bytes: number): Uint8Array {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
