import { backoffMs } from '@parley/client/backoff'
import { ParleyError } from '@parley/client/parley-error'
import type { OperationId } from '../actions.ts'
import { uploadsAtOnceMax } from '../limits.ts'
import { sendable } from '../outbox/order.ts'
import type { OutboxSurroundings } from '../outbox/outbox.ts'
import { verdictOfError } from '../outbox/verdict.ts'
import { carriesFiles, type Queued } from '../store/operations.ts'
import { changeOutgoing, type Outgoing, outgoingById, outgoingOf } from '../store/outgoing.ts'
import type { Store } from '../store/store.ts'
import { toServer } from './wire.ts'

/** Whether a message waits for one of its files to be on the server. */
export const isUploading =
  ({ connection }: Store) =>
  ({ id, action }: Queued): boolean =>
    carriesFiles(action) && outgoingOf(connection, id).some(({ attachmentId }) => attachmentId === null)

/**
 * Brings the files of messages to the server, before the messages. An upload is begun once and gone on with, by
 * whichever process comes next, from the last byte that the server has.
 */
export class Uploads {
  readonly #surroundings: OutboxSurroundings
  /** A message has all its files on the server, or was refused for one. */
  readonly #onMoved: () => void
  readonly #underWay = new Map<OperationId, AbortController>()
  readonly #waits = new Map<OperationId, Disposable>()
  readonly #failures = new Map<OperationId, number>()
  #open = false

  constructor(surroundings: OutboxSurroundings, onMoved: () => void) {
    this.#surroundings = surroundings
    this.#onMoved = onMoved
  }

  open(): void {
    this.#open = true
  }

  shut(): void {
    this.#open = false
    this.#failures.clear()
    for (const wait of this.#waits.values()) wait[Symbol.dispose]()
    this.#waits.clear()
    for (const ending of this.#underWay.values()) ending.abort()
    this.#underWay.clear()
  }

  pump(): void {
    const { store } = this.#surroundings
    const { operations } = store
    const uploading = isUploading(store)
    for (const [id, ending] of this.#underWay) {
      if (operations.get(id)) continue
      ending.abort()
      this.#underWay.delete(id)
    }
    if (!this.#open) return
    // Beginning an upload changes what is looked through.
    for (const queued of [...sendable(operations, uploading, operations.lanesWithFiles)]) {
      if (this.#underWay.size >= uploadsAtOnceMax) return
      const { id } = queued
      if (!this.#underWay.has(id) && !this.#waits.has(id) && uploading(queued)) void this.#upload(queued)
    }
  }

  async #upload({ id }: Queued): Promise<void> {
    const { connection } = this.#surroundings.store
    const ending = new AbortController()
    const { signal } = ending
    this.#underWay.set(id, ending)
    try {
      for (const file of outgoingOf(connection, id)) {
        if (file.attachmentId !== null) continue
        try {
          await this.#uploadFile(file, signal)
          this.#failures.delete(id)
        } catch (error) {
          // Somebody else goes on with it, or nobody.
          if (signal.aborted) return
          this.#failed(id, file, error)
          break
        }
      }
    } catch (error) {
      // A full disk, or a defect: tried again after a while.
      this.#surroundings.onDefect(error)
      this.#wait(id, 0)
    }
    if (signal.aborted) return
    this.#underWay.delete(id)
    this.#onMoved()
  }

  async #uploadFile(file: Outgoing, signal: AbortSignal): Promise<void> {
    const { store, server } = this.#surroundings
    const { source, name, mediaType } = store.write(() => toServer(store.connection, file))
    const attachmentId = await server.upload(source, {
      name,
      ...(mediaType !== '' && { mediaType }),
      ...(file.uploadId !== null && { uploadId: file.uploadId }),
      onBegin: (uploadId) => this.#change(file, { uploadId, sentBytes: 0 }, signal),
      onProgress: (sentBytes) => this.#change(file, { sentBytes: Math.min(sentBytes, file.bytes) }, signal),
      signal,
    })
    const uploads = file.uploads + 1
    this.#change(file, { attachmentId, uploadId: null, sentBytes: file.bytes, uploads }, signal)
    signal.throwIfAborted()
  }

  #change({ id }: Outgoing, change: Parameters<typeof changeOutgoing>[2], signal: AbortSignal): void {
    if (signal.aborted) return
    const { store } = this.#surroundings
    store.write((touch) => {
      const file = outgoingById(store.connection, id)
      if (!file) return
      changeOutgoing(store.connection, file, change)
      touch('transfers')
      if (change.attachmentId) touch(`conversation:${file.conversationId}`)
    })
  }

  #failed(id: OperationId, file: Outgoing, error: unknown): void {
    const { store } = this.#surroundings
    const begun = outgoingById(store.connection, file.id)
    if (begun?.uploadId && error instanceof ParleyError && forgetsUpload.has(error.kind)) {
      // It was kept for a day, or the server was put back to before it: it begins anew.
      store.write(() => changeOutgoing(store.connection, begun, { uploadId: null, sentBytes: 0 }))
      this.#wait(id, 0)
      return
    }
    const verdict = verdictOfError(error, this.#failures.get(id) ?? 0)
    if (verdict.kind === 'again') {
      this.#wait(id, verdict.waitMs ?? 0)
      return
    }
    store.write((touch) => {
      const queued = store.operations.get(id)
      if (!queued) return
      const problem = { ...verdict.problem, field: 'attachments' }
      store.operations.change(queued, { state: 'refused', problem })
      for (const topic of ['outbox', 'conversations', `conversation:${file.conversationId}`] as const)
        touch(topic)
    })
  }

  #wait(id: OperationId, waitMs: number): void {
    if (!this.#open) return
    const { clock, random } = this.#surroundings
    const failures = this.#failures.get(id) ?? 0
    this.#failures.set(id, failures + 1)
    const timer = clock.after(waitMs + backoffMs(failures, random), () => {
      this.#waits.delete(id)
      this.pump()
    })
    this.#waits.set(id, timer)
  }
}

const forgetsUpload: ReadonlySet<string> = new Set(['not-found', 'invalid-input'])
