import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { noSuchAttachment } from '@parley/chat/attachments/get'
import type { LoggedEntry } from '@parley/db/stores'
import type { AccountId, AttachmentId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'

/** One request that uploads or downloads, from when it is known who asks until it is answered. */
export interface Transfer extends Disposable {
  /** Aborted with the reason when the transfer has to stop. */
  readonly signal: AbortSignal
  stop(reason: Error): void
  /** Says what is being downloaded, so that it stops when the account may no longer read it (P6). */
  reads(id: AttachmentId): void
}

interface Running {
  readonly actor: Actor
  readonly control: AbortController
  reading: AttachmentId | null
}

/** A deleted message in an entry's JSON. In what people write, the quotes would be escaped. */
const deletedMark = '"content":{"kind":"deleted"'

const shuttingDown = () => new Refusal('shutting-down', 'The server is stopping: go on in a moment.')

/** All transfers under way: counted for each account, and stopped when what allowed them ends. */
export class Transfers implements AsyncDisposable {
  readonly #chat: Chat
  readonly #perAccountMax: number
  readonly #running = new Set<Running>()
  readonly #sessions: Disposable
  #whenIdle: (() => void) | null = null
  #closed = false

  constructor(chat: Chat, perAccountMax: number) {
    this.#chat = chat
    this.#perAccountMax = perAccountMax
    this.#sessions = chat.delivery.onSessionEnded((sessionId) => {
      for (const { actor, control } of this.#running) {
        if (actor.sessionId === sessionId) control.abort(new Refusal('signed-out', 'This session has ended.'))
      }
    })
    chat.db.onCommit((entries) => this.#review(entries))
  }

  get count(): number {
    return this.#running.size
  }

  /** @throws Refusal `too-many`, `shutting-down`; `signed-out` when the session ended just now. */
  async begin(actor: Actor): Promise<Transfer> {
    if (this.#closed) throw shuttingDown()
    const own = [...this.#running].filter((running) => running.actor.accountId === actor.accountId)
    if (own.length >= this.#perAccountMax) {
      throw new Refusal('too-many', `An account has at most ${this.#perAccountMax} transfers at a time.`)
    }
    const running: Running = { actor, control: new AbortController(), reading: null }
    this.#running.add(running)
    const transfer = this.#transfer(running)
    try {
      // From here on the end of the session stops the transfer; it may have ended a moment before.
      if (await this.#chat.db.read.sessions.byId(actor.sessionId)) return transfer
      throw new Refusal('signed-out', 'This session has ended.')
    } catch (error) {
      transfer[Symbol.dispose]()
      throw error
    }
  }

  #transfer(running: Running): Transfer {
    const { control } = running
    return {
      signal: control.signal,
      stop: (reason) => control.abort(reason),
      reads(id) {
        running.reading = id
      },
      [Symbol.dispose]: () => {
        this.#running.delete(running)
        if (this.#running.size === 0) this.#whenIdle?.()
      },
    }
  }

  /** Looks again at downloads of accounts that left a conversation, and at all when a message was deleted. */
  #review(entries: readonly LoggedEntry[]): void {
    if (this.#running.size === 0) return
    const left = new Set<string>()
    let deleted = false
    for (const { kind, channel, json } of entries) {
      if (kind === 'left') left.add(channel)
      else if (kind === 'message-changed' && json.includes(deletedMark)) deleted = true
    }
    if (!deleted && left.size === 0) return
    for (const running of this.#running) {
      const { actor, reading, control } = running
      if (reading === null || (!deleted && !left.has(actor.accountId))) continue
      this.#mustStillRead(actor.accountId, reading).catch((error: unknown) => control.abort(error))
    }
  }

  async #mustStillRead(accountId: AccountId, id: AttachmentId): Promise<void> {
    if (!(await this.#chat.db.read.attachments.mayRead(id, accountId))) throw noSuchAttachment()
  }

  /** Stops what runs, and resolves when all of it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#sessions[Symbol.dispose]()
    if (this.#running.size === 0) return
    const idle = Promise.withResolvers<void>()
    this.#whenIdle = idle.resolve
    for (const { control } of this.#running) control.abort(shuttingDown())
    await idle.promise
  }
}
