import { signOut } from '@parley/chat/accounts/sessions'
import type { Actor, Caller } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import type { Line } from '@parley/api/socket/protocol'
import type { SignedIn } from '@parley/domain/accounts'
import type { Position } from '@parley/domain/ids'
import { readerLowWaterBytes } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { Hearing, type Translate } from './hearing.ts'

/** One connection of a gateway, and who sits at it. */
export class Seat {
  readonly chat: Chat
  readonly line: Line
  actor: Actor | null = null
  #isOurs = false
  #presence: Disposable | null = null
  #hearing: Hearing | null = null
  #awaitsRoom: (() => void) | null = null

  constructor(chat: Chat, line: Line) {
    this.chat = chat
    this.line = line
  }

  get caller(): Caller {
    return { address: this.line.address }
  }

  get isGone(): boolean {
    return this.line.isClosed()
  }

  say(message: object): void {
    this.line.outbox.push(JSON.stringify(message))
  }

  /** Calls back as soon as the operating system has all that was said; never, if the connection is gone before. */
  whenSaid(call: () => Promise<void>): void {
    this.line.outbox.whenDrainedTo(0, () => {
      call().catch((error: unknown) => {
        if (!(error instanceof Refusal)) this.chat.log('gateway-failed', { error })
      })
    })
  }

  /** Resolves when there is room to say more, or nobody to say it to. Waited for by one at a time. */
  room(): Promise<void> {
    const { outbox } = this.line
    if (this.isGone || outbox.bufferedBytes() <= readerLowWaterBytes) return Promise.resolve()
    return new Promise((resolve) => {
      this.#awaitsRoom = resolve
      outbox.whenDrainedTo(readerLowWaterBytes, resolve)
    })
  }

  /**
   * Somebody sits down: the connection counts as the account's, ends with the session, and shows that the account is
   * there.
   * @param isOurs whether the session was made for this connection, and ends with it.
   * @throws Refusal `too-many`, `signed-out`
   */
  async take(actor: Actor, { isOurs }: { isOurs: boolean }): Promise<void> {
    try {
      this.line.identify(actor)
      // From here on the end of the session ends the connection. It may have ended while the token was looked up.
      if (!(await this.chat.db.read.sessions.byId(actor.sessionId))) {
        throw new Refusal('signed-out', 'This session has ended.')
      }
    } catch (error) {
      if (isOurs) this.#end(actor)
      throw error
    }
    if (this.isGone) {
      if (isOurs) this.#end(actor)
      return
    }
    this.actor = actor
    this.#isOurs = isOurs
    this.#presence = this.chat.presences.arrive(actor)
  }

  /** Hears what happens for the account from a position on. */
  hear(from: Position, translate: Translate): void {
    if (this.actor === null || this.isGone) return
    this.#hearing = new Hearing(this, this.actor, from, translate)
  }

  leave(): void {
    this.#hearing?.[Symbol.dispose]()
    this.#presence?.[Symbol.dispose]()
    if (this.actor !== null && this.#isOurs) this.#end(this.actor)
    this.#awaitsRoom?.()
  }

  #end(actor: Actor): void {
    signOut(this.chat, actor).catch((error: unknown) => this.chat.log('gateway-failed', { error }))
  }
}

export const actorOf = ({ account, sessionId }: SignedIn): Actor => ({
  accountId: account.id,
  sessionId,
  operator: account.operator,
})
