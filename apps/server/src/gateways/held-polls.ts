import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import type { StreamEnd, StreamFrame, StreamSink } from '@parley/chat/delivery/sink'
import type { AccountId, ConversationId, Position } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { entriesOf } from './hearing.ts'
import { heldPollsPerAccountMax, longPollMs } from './limits.ts'

/** Why a poll was let go: somebody posted, by which position; it was ended; time was up; or nobody waits any more. */
export type LetGo =
  | { readonly kind: 'posted' | 'ended'; readonly at: number }
  | { readonly kind: 'quiet' | 'gone' | 'left' | 'signed-out' | 'failed' }

/** The polls that are held now. Each hears by a stream of its account, as everybody does. */
export class HeldPolls {
  readonly #chat: Chat
  readonly #held = new Map<AccountId, Set<HeldPoll>>()

  constructor(chat: Chat) {
    this.#chat = chat
  }

  /**
   * Holds a poll from a position on, until something lets it go.
   * @param whenGone is given what to call when its client goes away.
   * @throws Refusal `too-many`
   */
  hold(
    actor: Actor,
    { room, from, whenGone }: { room: ConversationId; from: Position; whenGone: (call: () => void) => void },
  ): Promise<LetGo> {
    const ofAccount = this.#held.get(actor.accountId) ?? new Set()
    if (ofAccount.size >= heldPollsPerAccountMax) {
      throw new Refusal('too-many', `At most ${heldPollsPerAccountMax} polls of an account are held at once.`)
    }
    this.#held.set(actor.accountId, ofAccount)
    return new Promise((resolve) => {
      const poll = new HeldPoll(this.#chat, actor, room, (why) => {
        ofAccount.delete(poll)
        if (ofAccount.size === 0 && this.#held.get(actor.accountId) === ofAccount)
          this.#held.delete(actor.accountId)
        resolve(why)
      })
      ofAccount.add(poll)
      whenGone(() => poll.letGo({ kind: 'gone' }))
      poll.start(from)
    })
  }

  /** Ends an account's polls of a room. */
  end(accountId: AccountId, room: ConversationId): void {
    const at = this.#chat.delivery.head()
    for (const poll of [...(this.#held.get(accountId) ?? [])]) {
      if (poll.room === room) poll.letGo({ kind: 'ended', at })
    }
  }

  endAll(): void {
    for (const polls of [...this.#held.values()]) for (const poll of [...polls]) poll.letGo({ kind: 'quiet' })
  }
}

class HeldPoll implements StreamSink {
  readonly room: ConversationId
  readonly #chat: Chat
  readonly #actor: Actor
  readonly #letGo: (why: LetGo) => void
  readonly #held = new DisposableStack()

  constructor(chat: Chat, actor: Actor, room: ConversationId, letGo: (why: LetGo) => void) {
    this.#chat = chat
    this.#actor = actor
    this.room = room
    this.#letGo = letGo
  }

  start(from: Position): void {
    const { clock, presences, delivery } = this.#chat
    this.#held.use(clock.after(longPollMs, () => this.letGo({ kind: 'quiet' })))
    this.#held.use(presences.arrive(this.#actor))
    const attached = delivery.follow(this.#actor, { cursor: from }).attach(this)
    this.#held.defer(() => attached.detach())
  }

  letGo(why: LetGo): void {
    if (this.#held.disposed) return
    this.#held.dispose()
    this.#letGo(why)
  }

  write(frame: StreamFrame): void {
    // Most of what an account hears is not about this room, and not worth reading.
    if (!frame.json.includes(this.room)) return
    for (const entry of entriesOf(frame)) {
      if (entry.kind === 'message' && entry.message.conversationId === this.room) {
        return this.letGo({ kind: 'posted', at: frame.cursor })
      }
      if (entry.kind === 'left' && entry.conversationId === this.room) return this.letGo({ kind: 'left' })
    }
  }

  bufferedBytes(): number {
    return 0
  }

  whenDrainedTo(_bytes: number, call: () => void): void {
    setImmediate(call)
  }

  end(reason: StreamEnd): void {
    if (reason === 'session-ended') this.letGo({ kind: 'signed-out' })
    else if (reason === 'shutting-down') this.letGo({ kind: 'quiet' })
    else this.letGo({ kind: 'failed' })
  }
}
