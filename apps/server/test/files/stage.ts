import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSession } from '@parley/chat/accounts/sessions'
import { addAccount, blankAccount } from '@parley/chat/accounts/sign-up'
import type { Actor } from '@parley/chat/actor'
import { type Chat, openChat } from '@parley/chat/chat'
import { makeGroup } from '@parley/chat/conversations/make'
import { sendMessage } from '@parley/chat/messages/send'
import { openDatabase } from '@parley/db/open'
import type { Conversation } from '@parley/domain/conversations'
import { type AttachmentId, ClientMessageId } from '@parley/domain/ids'
import type { Sent } from '@parley/domain/messages'
import { checkContents, type ContentFinding } from '@parley/server/files/check'
import { contentFolders } from '@parley/server/files/contents'
import { Files } from '@parley/server/files/files'
import { filesLimits, type FilesLimits } from '@parley/server/files/limits'
import type { FinishingStep } from '@parley/server/files/uploads'
import { Addresses } from '@parley/server/http/addresses'
import { Listener } from '@parley/server/http/listener'
import { Origins } from '@parley/server/http/origins'
import { Routes } from '@parley/server/http/routes'
import { FakeClock } from '@parley/testkit/fake-clock'

export interface StageOptions {
  readonly limits?: Partial<FilesLimits>
  readonly attachmentBytesMax?: number
  /** The most pages that the database may have. */
  readonly pagesMax?: number
  /** Told of each step by which an upload becomes an attachment. */
  readonly reached?: (step: FinishingStep) => void | Promise<void>
}

/** Tests say themselves when it is swept. */
const neverMs = 10 * 365 * 24 * 3_600_000

/** Somebody with a session. */
export interface Someone {
  readonly actor: Actor
  readonly token: string
}

interface Running {
  readonly chat: Chat
  readonly files: Files
  readonly listener: Listener
  readonly url: string
}

/** The file routes on a socket of their own, over a real database and real files, and a clock that stands still. */
export class FilesStage implements AsyncDisposable {
  readonly clock = new FakeClock()
  readonly folder: string
  /** Defects that were logged. A test that expects none finds it empty. */
  readonly logged: { event: string; fields: Record<string, unknown> }[] = []
  readonly #options: StageOptions
  #running: Running | null = null
  #counted = 0

  private constructor(folder: string, options: StageOptions) {
    this.folder = folder
    this.#options = options
  }

  static async open(options: StageOptions = {}): Promise<FilesStage> {
    return FilesStage.openAt(await mkdtemp(join(tmpdir(), 'parley-files-')), options)
  }

  /** Over a data folder that is there already. */
  static async openAt(folder: string, options: StageOptions = {}): Promise<FilesStage> {
    const stage = new FilesStage(folder, options)
    await stage.start()
    return stage
  }

  get chat(): Chat {
    return this.#now.chat
  }

  get files(): Files {
    return this.#now.files
  }

  get url(): string {
    return this.#now.url
  }

  get uploadsUrl(): string {
    return `${this.url}/files/uploads`
  }

  get #now(): Running {
    if (!this.#running) throw new Error('The stage is stopped')
    return this.#running
  }

  async start(options: StageOptions = this.#options): Promise<void> {
    const log = (event: string, fields: Record<string, unknown> = {}) =>
      void this.logged.push({ event, fields })
    const db = await openDatabase(`sqlite:${join(this.folder, 'parley.db')}`, { pagesMax: options.pagesMax })
    const chat = openChat({
      db,
      clock: this.clock,
      settings: { signUp: 'open', passwords: 'on', rateFactor: 1_000 },
      log,
    })
    const files = await Files.open({
      chat,
      directory: join(this.folder, 'files'),
      attachmentBytesMax: options.attachmentBytesMax ?? 64 * 1024 * 1024,
      limits: { ...filesLimits, sweepEveryMs: neverMs, ...options.limits },
      ...(options.reached && { reached: options.reached }),
    })
    const listener = new Listener({
      routes: new Routes([files]),
      origins: new Origins(['https://chat.example']),
      log: Object.assign(
        (_level: string, event: string, fields?: Record<string, unknown>) => log(event, fields),
        {
          flush: () => undefined,
        },
      ),
      addresses: new Addresses([]),
    })
    const url = await listener.listen('127.0.0.1', 0)
    this.#running = { chat, files, listener, url }
  }

  /** Stops in order, as a server does that is told to. */
  async stop(): Promise<void> {
    const { chat, files, listener } = this.#now
    this.#running = null
    await files.close()
    listener.cutOff()
    await listener.close()
    await chat.close()
    await chat.db.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#running) await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  /** An account with a session. */
  async person(username: string): Promise<Someone> {
    return this.chat.db.write(async (tx) => {
      const account = blankAccount(username, this.clock.now())
      await addAccount(tx, account)
      const { sessionId, token } = await startSession(tx, account, 'Test', this.clock.now())
      return { actor: { accountId: account.id, sessionId, operator: false }, token }
    })
  }

  /** Another device of the same account. */
  async session({ actor }: Someone): Promise<Someone> {
    return this.chat.db.write(async (tx) => {
      const account = await tx.accounts.byId(actor.accountId)
      if (!account) throw new Error('There is no such account')
      const { sessionId, token } = await startSession(tx, account, 'Other', this.clock.now())
      return { actor: { ...actor, sessionId }, token }
    })
  }

  group(founder: Someone, ...members: Someone[]): Promise<Conversation> {
    return makeGroup(this.chat, founder.actor, {
      name: 'Group',
      description: '',
      joinPolicy: 'closed',
      listed: false,
      sealed: false,
      members: members.map(({ actor }) => actor.accountId),
    })
  }

  send(sender: Someone, { id }: Conversation, ...attachments: AttachmentId[]): Promise<Sent> {
    this.#counted += 1
    return sendMessage(this.chat, sender.actor, {
      conversationId: id,
      clientMessageId: ClientMessageId.parse(`message-${this.#counted}`),
      content: { kind: 'plain', text: 'Here it is.' },
      attachments,
    })
  }

  /** Resolves when so many transfers are under way. */
  async transfers(count: number): Promise<void> {
    while (this.files.transfers < count) await new Promise(setImmediate)
  }

  /** Sweeps until nothing is left that a sweep would remove. */
  async sweepAll(): Promise<void> {
    for (const _ of [...contentFolders, 'uploads', 'attachments']) await this.files.sweeper.step()
  }

  /** What is wrong with what is stored. */
  async findings(): Promise<ContentFinding[]> {
    return Array.fromAsync(checkContents(this.chat.db.read, join(this.folder, 'files')))
  }

  /** The hashes of all contents on disk. */
  async contents(): Promise<string[]> {
    return (await this.filesBelow('files')).filter((name) => /^[0-9a-f]{64}$/.test(name))
  }

  /** What is kept of uploads. */
  async uploadFiles(): Promise<string[]> {
    return this.filesBelow('files/uploads')
  }

  async filesBelow(folder: string): Promise<string[]> {
    const entries = await readdir(join(this.folder, folder), { recursive: true, withFileTypes: true })
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name)
  }
}

/** Bytes like no others. */
export const someBytes = (count: number): Buffer => randomBytes(count)
