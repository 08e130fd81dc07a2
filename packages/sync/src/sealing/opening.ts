import { openMessages, type Opened, type Outcome, type Received } from '@parley/crypto/messages'
import { openReaction } from '@parley/crypto/reactions'
import type { Message, Reaction } from '@parley/domain/messages'
import { fromText, zeroHash } from '@parley/domain/sealed/bytes'
import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'
import { type HeldMessage, messageById } from '../store/messages.ts'
import { sealedByName, type SealedRow } from '../store/sealed.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import type { OwnDevice } from './own.ts'
import type { Room, Rooms } from './rooms.ts'

/** Messages that are opened in a step, at some 0.05 ms of this thread each. */
const messagesPerStep = 48

/** Those of some events of the log. */
const recentMax = 5_000

interface Recent {
  readonly id: number
  /** The newest that was opened. */
  readonly revision: number | null
}

const nameOf = ({ conversationId, authorId, clientMessageId }: Message): string =>
  `${conversationId} ${authorId} ${clientMessageId}`

export interface OpeningSurroundings {
  readonly kit: Kit
  readonly lists: DeviceLists
  readonly rooms: Rooms
  readonly own: OwnDevice
}

/** Opens what came sealed, as far as keys, chain and lists are here. */
export class Opening {
  readonly #of: OpeningSurroundings
  /** What was opened lately, and may not be in the store yet. */
  readonly #recent = new Map<string, Recent>()

  constructor(surroundings: OpeningSurroundings) {
    this.#of = surroundings
  }

  /**
   * Each message as it is to be kept, in the same order: opened, or closed with the cause.
   * @param position where what they now say came to stand in the log, where that is not the message's own place
   */
  async open(messages: readonly Message[], positions: readonly number[] = []): Promise<HeldMessage[]> {
    const done: HeldMessage[] = []
    for (let first = 0; first < messages.length; first += messagesPerStep) {
      if (first > 0) await this.#of.kit.breathe()
      done.push(
        ...(await this.#openStep(messages.slice(first, first + messagesPerStep), positions.slice(first))),
      )
    }
    return done
  }

  async #openStep(messages: readonly Message[], positions: readonly number[]): Promise<HeldMessage[]> {
    const done: HeldMessage[] = messages.map((message) => this.#plain(message))
    const asked = new Map<Room, { at: number; received: Received }[]>()
    for (const [at, message] of messages.entries()) {
      if (message.content.kind !== 'sealed') continue
      const room = this.#of.rooms.get(message.conversationId)
      const known = sealedByName(this.#of.kit.store.connection, message)
      const closed = this.#whyNotAsked(room, message, known)
      if (closed) done[at] = this.#closed(message, closed)
      else {
        const list = asked.get(room) ?? []
        asked.set(room, list)
        const { sealed } = message.content
        const received = this.#received(room, message, { sealed, known, position: positions[at] })
        list.push({ at, received })
      }
    }
    for (const [room, list] of asked) {
      const outcomes = await openMessages(
        this.#readingOf(room),
        list.map(({ received }) => received),
      )
      for (const [index, { at }] of list.entries()) {
        const message = messages[at]
        const outcome = outcomes[index]
        if (message && outcome) done[at] = this.#after(room, message, outcome)
      }
    }
    return done
  }

  /** Plain content has no place in a conversation from the entry on that turned it sealed. */
  #plain(message: Message): HeldMessage {
    if (message.content.kind !== 'plain') return message
    const created = this.#of.rooms.isHeld(message.conversationId)
      ? this.#of.rooms.get(message.conversationId).positions[0]
      : undefined
    if (created === undefined || message.id <= created) return this.#withReactions(message)
    const {
      content: _,
      attachments: __,
      mentions: ___,
      mentionsEveryone: ____,
      replyTo: _____,
      ...rest
    } = message
    const sealed = { epoch: null, revision: 0, cause: 'tampered' } as const
    return { ...rest, content: { kind: 'sealed', sealed: '-' }, sealed }
  }

  #whyNotAsked(room: Room, message: Message, known: SealedRow | null): SealedCause | null {
    if (!room.chain) return room.facts.none ? 'foreign' : 'chain-behind'
    const name = nameOf(message)
    const first = this.#recent.get(name)?.id ?? known?.id ?? message.id
    if (first !== message.id) return 'replayed'
    if (!this.#recent.has(name)) this.#remember(name, { id: first, revision: null })
    return null
  }

  #remember(name: string, what: Recent): void {
    this.#recent.delete(name)
    this.#recent.set(name, what)
    for (const [oldest] of this.#recent) {
      if (this.#recent.size <= recentMax) return
      this.#recent.delete(oldest)
    }
  }

  /** A new snapshot: messages may have other places now. */
  forget(): void {
    this.#recent.clear()
  }

  #received(
    room: Room,
    message: Message,
    { sealed, known, position }: { sealed: string; known: SealedRow | null; position: number | undefined },
  ): Received {
    const { conversationId, authorId, clientMessageId } = message
    const seen =
      this.#recent.get(nameOf(message))?.revision ?? (known?.cause === null ? known.revision : null)
    const place = { conversationId, authorId, clientMessageId }
    // Of an edit it is not known when it came, but where the stream says so.
    const came = message.editedAt === undefined ? message.id : position
    return {
      place,
      sealed,
      ...(seen !== null && { revisionSeen: seen }),
      ...(came !== undefined && { epochThen: this.#of.rooms.epochAt(room, came) }),
    }
  }

  #readingOf({ chain, keyring }: Room) {
    const { kit, lists, own } = this.#of
    const accountId = kit.store.account.id
    const identity = own.isListed ? own.list.identity : zeroHash
    return { primitives: kit.primitives, chain, lists: lists.known, keyring, reader: { accountId, identity } }
  }

  #after(room: Room, message: Message, outcome: Outcome): HeldMessage {
    if (outcome.kind === 'opened') return this.#opened(room, message, outcome)
    if (outcome.cause !== 'replayed') return this.#closed(message, outcome.cause)
    // The newer one stands.
    const held = messageById(this.#of.kit.store.connection, message.id)
    if (!held || held.sealed?.cause !== null) return this.#closed(message, 'replayed')
    return { ...held, ...this.#reactionsOf(room, message, held.sealed) }
  }

  #closed(message: Message, cause: SealedCause): HeldMessage {
    const {
      reactions: _,
      mentions: __,
      mentionsEveryone: ___,
      replyTo: ____,
      attachments: _____,
      ...rest
    } = message
    return { ...rest, sealed: { epoch: null, revision: 0, cause } }
  }

  #opened(room: Room, message: Message, { body, form }: Opened): HeldMessage {
    // What stands beside the content is the server's word, and is not believed.
    const { mentions: _, mentionsEveryone: __, replyTo: ___, attachments: ____, ...rest } = message
    this.#remember(nameOf(message), { id: message.id, revision: form.revision })
    const { text, replyTo, mentions, everyone, attachments = [] } = body
    const seal = {
      epoch: form.epoch,
      revision: form.revision,
      cause: null,
      ...(attachments.length > 0 && {
        keys: attachments.map(({ id, key, bytes }) => ({ id, key: fromText(key), bytes })),
      }),
    }
    return {
      ...rest,
      content: { kind: 'plain', text },
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions && { mentions }),
      ...(everyone && { mentionsEveryone: true as const }),
      ...(attachments.length > 0 && { attachments: attachments.map(({ key: _____, ...each }) => each) }),
      ...this.#reactionsOf(room, message, seal),
    }
  }

  #withReactions(message: Message): HeldMessage {
    if (!message.reactions || !this.#of.rooms.isHeld(message.conversationId)) return message
    const room = this.#of.rooms.get(message.conversationId)
    if (!room.chain) return message
    const { sealed: _, ...opened } = this.#reactionsOf(room, message, {
      epoch: null,
      revision: 0,
      cause: null,
    })
    return { ...message, ...opened }
  }

  /** Reactions in words, and as they came, by which they are taken back. Those that do not open are not shown. */
  #reactionsOf(
    room: Room,
    message: Message,
    seal: NonNullable<HeldMessage['sealed']>,
  ): Pick<HeldMessage, 'reactions' | 'sealed'> {
    const raw = message.reactions
    if (!raw) return { reactions: undefined, sealed: seal }
    const { conversationId, authorId, clientMessageId } = message
    const place = { conversationId, authorId, clientMessageId }
    const shown = new Map<string, Reaction>()
    for (const { emoji, accountIds } of raw) {
      const word = this.#word(room, place, emoji)
      if (word === null) continue
      const others = shown.get(word)?.accountIds ?? []
      shown.set(word, { emoji: word, accountIds: [...new Set([...others, ...accountIds])] })
    }
    return { reactions: [...shown.values()], sealed: { ...seal, reactions: raw } }
  }

  #word({ chain, keyring }: Room, place: Parameters<typeof openReaction>[3], sealed: string): string | null {
    if (!chain) return null
    try {
      return openReaction(this.#of.kit.primitives, chain, keyring, place, sealed)
    } catch (error) {
      if (error instanceof SealedError) return isEmoji(sealed) ? sealed : null
      throw error
    }
  }
}

/** One of before the conversation was sealed. */
const isEmoji = (text: string): boolean => text.length < 128
