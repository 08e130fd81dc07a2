import { writesWaitingMax } from '@parley/domain/limits'
import type { Position } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Reading } from '../stores.ts'
import type { ReadHandle } from './handle.ts'
import { headOf } from './head.ts'
import type { Connection } from './raw-query.ts'
import { AccountReading } from './stores/accounts.ts'
import { AttachmentReading } from './stores/attachments.ts'
import { BackupReading } from './stores/backups.ts'
import { ChainReading } from './stores/chains.ts'
import { ConversationReading } from './stores/conversations.ts'
import { DeviceReading } from './stores/devices.ts'
import { InviteLinkReading } from './stores/invite-links.ts'
import { KeyReading } from './stores/keys.ts'
import { LogReading } from './stores/log.ts'
import { MemberReading } from './stores/members.ts'
import { MessageReading } from './stores/messages.ts'
import { RequestReading } from './stores/requests.ts'
import { SessionReading } from './stores/sessions.ts'

/** All stores over one connection that reads. */
export const readingOf = (handle: ReadHandle, at: Reading['at']): Reading => ({
  accounts: new AccountReading(handle),
  sessions: new SessionReading(handle),
  inviteLinks: new InviteLinkReading(handle),
  conversations: new ConversationReading(handle),
  members: new MemberReading(handle),
  messages: new MessageReading(handle),
  attachments: new AttachmentReading(handle),
  requests: new RequestReading(handle),
  devices: new DeviceReading(handle),
  chains: new ChainReading(handle),
  keys: new KeyReading(handle),
  backups: new BackupReading(handle),
  log: new LogReading(handle),
  at,
})

/**
 * Gives out one connection's read transaction, one user after another, so that all that a user reads is one state.
 */
export class Snapshots {
  readonly #connection: Connection
  readonly #reading: Reading
  #last: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(handle: ReadHandle) {
    this.#connection = handle.connection
    // Within a snapshot, another one is the same.
    this.#reading = readingOf(handle, (use) => use(this.#reading, headOf(this.#connection)))
  }

  async at<T>(use: (read: Reading, head: Position) => Promise<T>): Promise<T> {
    if (this.#waiting >= writesWaitingMax) {
      throw new Refusal('too-many', 'Too many reads are waiting; try again in a moment')
    }
    this.#waiting += 1
    const before = this.#last
    const { promise, resolve: leave } = Promise.withResolvers<void>()
    this.#last = promise
    await before
    try {
      this.#connection.exec('begin')
      // The first read fixes the state; it is what tells the head.
      return await use(this.#reading, headOf(this.#connection))
    } finally {
      if (this.#connection.inTransaction) this.#connection.exec('commit')
      this.#waiting -= 1
      leave()
    }
  }

  /** Resolves when nobody reads any more. */
  async idle(): Promise<void> {
    await this.#last
  }
}
