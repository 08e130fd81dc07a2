import type { AttachmentKey, ConversationKey, DraftAttachmentId } from '../actions.ts'
import type { MessageId } from '@parley/domain/ids'
import type { Clock, ServerPort } from '../ports.ts'
import { dropOutgoing, outgoingById, outgoingOfAll } from '../store/outgoing.ts'
import { forgetCopies } from '../store/files.ts'
import type { Store } from '../store/store.ts'
import type { Topics } from '../topics.ts'
import type { DraftAttachment, NewAttachment, Transfer } from '../views.ts'
import { addFile } from './adding.ts'
import { Downloads, type SaveOptions } from './downloads.ts'
import { Tidying } from './tidying.ts'

export interface AttachmentsSurroundings {
  readonly store: Store
  readonly server: ServerPort
  readonly topics: Topics
  readonly clock: Clock
  readonly random: () => number
  readonly breathe: () => Promise<void>
  readonly onDefect: (error: unknown) => void
  readonly newId: () => string
}

/** The files of drafts, and the copies of what the server has. The outbox uploads what goes with its messages. */
export class Attachments {
  readonly #surroundings: AttachmentsSurroundings
  readonly #underWay = new Set<string>()
  readonly #tidying: Tidying
  readonly #downloads: Downloads
  readonly #listening: Disposable
  #closed = false

  constructor(surroundings: AttachmentsSurroundings) {
    this.#surroundings = surroundings
    const underWay = this.#underWay
    this.#tidying = new Tidying({ ...surroundings, underWay })
    this.#downloads = new Downloads({ ...surroundings, underWay, onCopy: () => this.#tidying.pump() })
    // What was left of files by whoever was ended while taking them in, too.
    this.#tidying.pump()
    this.#listening = surroundings.topics.listen((topics) => {
      // An operation or a conversation may be gone, with its files.
      if (topics.has('outbox') || topics.has('conversations')) this.#tidying.pump()
    })
  }

  add(conversationId: ConversationKey, file: NewAttachment): Promise<DraftAttachment> {
    const { store, breathe, newId } = this.#surroundings
    const surroundings = { store, breathe, underWay: this.#underWay, isClosed: () => this.#closed }
    return addFile(surroundings, conversationId, file, newId()).finally(() => this.#tidying.pump())
  }

  /** @returns false when it is none of a draft any more. */
  remove(id: DraftAttachmentId): boolean {
    const { store } = this.#surroundings
    const removed = store.write((touch) => {
      const file = outgoingById(store.connection, id)
      if (file?.operationId !== null) return false
      dropOutgoing(store.connection, id)
      touch('conversations')
      touch(`conversation:${file.conversationId}`)
      return true
    })
    if (removed) this.#tidying.pump()
    return removed
  }

  transfers(): Transfer[] {
    const uploads = outgoingOfAll(this.#surroundings.store.connection).filter(
      ({ attachmentId }) => attachmentId === null,
    )
    return [
      ...uploads.map(({ id, operationId, conversationId, sentBytes, bytes }) => ({
        direction: 'up' as const,
        attachmentId: id,
        operationId,
        conversationId,
        doneBytes: sentBytes,
        bytes,
      })),
      ...this.#downloads.transfers(),
    ]
  }

  bytes(key: AttachmentKey, messageId: MessageId | null): Promise<Uint8Array> {
    return this.#downloads.bytes(key, messageId)
  }

  save(key: AttachmentKey, messageId: MessageId | null, path: string, options: SaveOptions): Promise<void> {
    return this.#downloads.save(key, messageId, path, options)
  }

  /** Drops all copies of what the server has, and gives their room back to the disk. */
  async clear(): Promise<void> {
    const { store } = this.#surroundings
    store.write(() => forgetCopies(store.connection))
    await this.#tidying.shrink()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#listening[Symbol.dispose]()
    this.#downloads.close()
    await this.#tidying.close()
  }
}
