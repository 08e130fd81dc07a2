import type { Writing } from '../stores.ts'
import type { WriteHandle } from './handle.ts'
import { AccountWriting } from './stores/accounts.ts'
import { AttachmentWriting } from './stores/attachments.ts'
import { BackupWriting } from './stores/backups.ts'
import { ChainWriting } from './stores/chains.ts'
import { ConversationWriting } from './stores/conversations.ts'
import { DeviceWriting } from './stores/devices.ts'
import { InviteLinkWriting } from './stores/invite-links.ts'
import { KeyWriting } from './stores/keys.ts'
import { LogWriting } from './stores/log.ts'
import { MemberWriting } from './stores/members.ts'
import { MessageWriting } from './stores/messages.ts'
import { RequestWriting } from './stores/requests.ts'
import { SessionWriting } from './stores/sessions.ts'

/** The stores of one write. Most writes use two or three of them, so each is made when it is asked for. */
export class SqliteWriting implements Writing {
  readonly #handle: WriteHandle
  #conversations: ConversationWriting | undefined
  #members: MemberWriting | undefined
  #messages: MessageWriting | undefined
  #log: LogWriting | undefined

  constructor(handle: WriteHandle) {
    this.#handle = handle
  }

  get accounts() {
    return new AccountWriting(this.#handle)
  }

  get sessions() {
    return new SessionWriting(this.#handle)
  }

  get inviteLinks() {
    return new InviteLinkWriting(this.#handle)
  }

  get attachments() {
    return new AttachmentWriting(this.#handle)
  }

  get requests() {
    return new RequestWriting(this.#handle)
  }

  get devices() {
    return new DeviceWriting(this.#handle)
  }

  get chains() {
    return new ChainWriting(this.#handle)
  }

  get keys() {
    return new KeyWriting(this.#handle)
  }

  get backups() {
    return new BackupWriting(this.#handle)
  }

  get conversations() {
    return (this.#conversations ??= new ConversationWriting(this.#handle))
  }

  get members() {
    return (this.#members ??= new MemberWriting(this.#handle))
  }

  get messages() {
    return (this.#messages ??= new MessageWriting(this.#handle))
  }

  get log() {
    return (this.#log ??= new LogWriting(this.#handle))
  }
}
