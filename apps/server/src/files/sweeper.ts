import { removeOrphans } from '@parley/chat/attachments/sweep'
import type { Chat } from '@parley/chat/chat'
import { AccountId } from '@parley/domain/ids'
import { contentFolders, isContentHash } from './contents.ts'
import type { Contents } from './contents.ts'
import type { FilesLimits } from './limits.ts'
import type { Turns } from './turns.ts'
import type { Uploads } from './uploads.ts'

export interface SweeperOptions {
  readonly chat: Chat
  readonly contents: Contents
  readonly uploads: Uploads
  readonly turns: Turns
  readonly limits: FilesLimits
}

/**
 * Removes what nothing refers to any more, a little at each step: attachments that no message carries, uploads that
 * expired, and contents that a crash left behind.
 */
export class Sweeper implements AsyncDisposable {
  readonly #options: SweeperOptions
  readonly #timer: Disposable
  #accounts: string[] = []
  #folders: string[] = []
  #contents: string[] = []
  #stepsAsked = 0
  /** Resolves after the last step that was asked for, whatever came of it. */
  #last: Promise<void> = Promise.resolve()

  constructor(options: SweeperOptions) {
    this.#options = options
    this.#timer = options.chat.clock.every(options.limits.sweepEveryMs, () => {
      // A step that takes long is followed by the next one, not by all that fell due meanwhile.
      if (this.#stepsAsked > 0) return
      this.step().catch((error: unknown) => options.chat.log('files-sweep-failed', { error }))
    })
  }

  /** Makes a step, after those that were asked for before. */
  step(): Promise<void> {
    this.#stepsAsked += 1
    const step = this.#last.then(() => this.#sweep()).finally(() => (this.#stepsAsked -= 1))
    this.#last = step.catch(() => undefined)
    return step
  }

  /** Resolves when no step is under way. */
  async settled(): Promise<void> {
    await this.#last
  }

  async #sweep(): Promise<void> {
    await this.#sweepAttachments()
    await this.#sweepUploads()
    await this.#sweepContents()
  }

  async #sweepAttachments(): Promise<void> {
    const { chat, limits } = this.#options
    for (const contentHash of await removeOrphans(chat, limits.orphansPerStepMax))
      await this.#dropUnused(contentHash)
  }

  async #sweepUploads(): Promise<void> {
    const { uploads, limits } = this.#options
    if (this.#accounts.length === 0) this.#accounts = await uploads.accounts()
    for (const name of this.#accounts.splice(0, limits.accountsPerStepMax)) {
      const account = AccountId.safeParse(name)
      if (account.success) await this.#sweepUploadsOf(account.data)
    }
  }

  async #sweepUploadsOf(accountId: AccountId): Promise<void> {
    const { uploads, turns } = this.#options
    for (const id of await uploads.ids(accountId)) {
      // Whatever somebody works on is no leftover, and is left in peace.
      using turn = turns.tryTake(id)
      if (turn && (await uploads.isOver(accountId, id))) await uploads.discard(accountId, id)
    }
  }

  async #sweepContents(): Promise<void> {
    const { contents, limits } = this.#options
    if (this.#contents.length === 0) {
      if (this.#folders.length === 0) this.#folders = [...contentFolders]
      const folder = this.#folders.shift()
      if (folder !== undefined) this.#contents = (await contents.names(folder)).filter(isContentHash)
    }
    for (const contentHash of this.#contents.splice(0, limits.contentsPerStepMax))
      await this.#dropUnused(contentHash)
  }

  async #dropUnused(contentHash: string): Promise<void> {
    const { chat, contents } = this.#options
    using _ = await contents.hold(contentHash)
    if (!(await chat.db.read.attachments.isContentUsed(contentHash))) await contents.remove(contentHash)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]()
    await this.settled()
  }
}
