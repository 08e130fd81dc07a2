import { bodyOf, type Opened, prepareMessage, type Reading, type Received } from '@parley/crypto/messages'
import { openReaction } from '@parley/crypto/reactions'
import type { SealedContent } from '@parley/crypto/unsealing'
import type { Message, Reaction } from '@parley/domain/messages'
import { fromText, zeroHash } from '@parley/domain/sealed/bytes'
import type { MessageForm } from '@parley/domain/sealed/message-form'
import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'
import { type HeldMessage, messageById } from '../store/messages.ts'
import { nameOf, sealedByNames, type SealedRow } from '../store/sealed.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import type { OwnDevice } from './own.ts'
import type { Room, Rooms } from './rooms.ts'
import type { Unsealed } from './unsealing-batch.ts'

/** Messages that are looked at in a step, at some 0.01 ms each. */
const messagesPerStep = 200

/** Those of some events of the log. */
const recentMax = 5_000

interface Recent {
  readonly id: number
  /** The newest that was opened. */
  readonly revision: number | null
  /** As it was opened, of an edit: it may not be in the store yet when what it replaced comes again. */
  readonly message?: HeldMessage
}

/** A message of which the content is to be opened. */
interface Asked {
  readonly room: Room
  readonly message: Message
  readonly form: MessageForm
  readonly content: SealedContent
}

type Wanted =
  | { readonly asked: Asked; readonly done?: undefined }
  | { readonly asked?: undefined; readonly done: HeldMessage }

/** What is the same for many messages that are looked at together. */
interface Knowledge {
  readonly known: ReadonlyMap<string, SealedRow>
  readonly readings: Map<Room, Reading>
}

interface Sealed {
  readonly sealed: string
  readonly position: number | undefined
  readonly knowledge: Knowledge
}

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
    const done: HeldMessage[] = messages.map((message) => this.#plain(message))
    const asked: (Asked & { readonly at: number })[] = []
    for (let first = 0; first < messages.length; first += messagesPerStep) {
      if (first > 0) await this.#of.kit.breathe()
      const knowledge = this.#knowledgeOf(messages.slice(first, first + messagesPerStep))
      for (let at = first; at < Math.min(messages.length, first + messagesPerStep); at += 1) {
        const message = messages[at]
        if (message?.content.kind !== 'sealed') continue
        const wanted = this.#prepared(message, {
          sealed: message.content.sealed,
          position: positions[at],
          knowledge,
        })
        if (wanted.asked) asked.push({ at, ...wanted.asked })
        else done[at] = wanted.done
      }
    }
    const unsealed = await this.#of.kit.unsealing.all(asked.map(({ content }) => content))
    for (const [index, one] of asked.entries()) {
      if (index % messagesPerStep === messagesPerStep - 1) await this.#of.kit.breathe()
      const outcome = unsealed[index]
      if (outcome !== undefined) done[one.at] = this.#after(one, outcome)
    }
    return done
  }

  #knowledgeOf(messages: readonly Message[]): Knowledge {
    const sealed = messages.filter(({ content }) => content.kind === 'sealed')
    return {
      known: sealed.length > 0 ? sealedByNames(this.#of.kit.store.connection, sealed) : new Map(),
      readings: new Map(),
    }
  }

  /** What is to be opened, or, where chain, lists and keys say that it is not, the message as it is to be kept. */
  #prepared(message: Message, { sealed, position, knowledge }: Sealed): Wanted {
    const room = this.#of.rooms.get(message.conversationId)
    const known = knowledge.known.get(nameOf(message)) ?? null
    const closed = this.#whyNotAsked(room, message, known)
    if (closed) return { done: this.#closed(message, closed) }
    const reading = knowledge.readings.get(room) ?? this.#readingOf(room)
    knowledge.readings.set(room, reading)
    try {
      const received = this.#received(room, message, { sealed, known, position })
      return { asked: { room, message, ...prepareMessage(reading, received) } }
    } catch (error) {
      if (!(error instanceof SealedError)) throw error
      const { kind } = error
      return { done: kind === 'replayed' ? this.#newer(room, message) : this.#closed(message, kind) }
    }
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
    { sealed, known, position }: Omit<Sealed, 'knowledge'> & { readonly known: SealedRow | null },
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

  #readingOf({ chain, keyring }: Room): Reading {
    const { kit, lists, own } = this.#of
    const accountId = kit.store.account.id
    const identity = own.isListed ? own.list.identity : zeroHash
    return { primitives: kit.primitives, chain, lists: lists.known, keyring, reader: { accountId, identity } }
  }

  #after({ room, message, form }: Asked, unsealed: Unsealed): HeldMessage {
    if (typeof unsealed !== 'string') return this.#closed(message, unsealed.cause)
    // A newer one may have been opened since this one was looked at.
    const newest = this.#recent.get(nameOf(message))?.revision ?? 0
    if (form.revision < newest) return this.#newer(room, message)
    try {
      return this.#opened(room, message, { body: bodyOf(unsealed), form })
    } catch (error) {
      if (error instanceof SealedError) return this.#closed(message, error.kind)
      throw error
    }
  }

  /** The newer one stands, which may not be in the store yet. */
  #newer(room: Room, message: Message): HeldMessage {
    const recent = this.#recent.get(nameOf(message))?.message
    const stored = messageById(this.#of.kit.store.connection, message.id)
    const newer = [recent, stored]
      .filter((each) => each?.sealed?.cause === null)
      .toSorted((one, other) => (other?.sealed?.revision ?? 0) - (one?.sealed?.revision ?? 0))[0]
    if (!newer?.sealed) return this.#closed(message, 'replayed')
    return { ...newer, ...this.#reactionsOf(room, message, newer.sealed) }
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
    const { text, replyTo, mentions, everyone, attachments = [] } = body
    const seal = {
      epoch: form.epoch,
      revision: form.revision,
      cause: null,
      ...(attachments.length > 0 && {
        keys: attachments.map(({ id, key, bytes }) => ({ id, key: fromText(key), bytes })),
      }),
    }
    const opened: HeldMessage = {
      ...rest,
      content: { kind: 'plain', text },
      ...(replyTo !== undefined && { replyTo }),
      ...(mentions && { mentions }),
      ...(everyone && { mentionsEveryone: true as const }),
      ...(attachments.length > 0 && { attachments: attachments.map(({ key: _____, ...each }) => each) }),
      ...this.#reactionsOf(room, message, seal),
    }
    const { revision } = form
    this.#remember(nameOf(message), { id: message.id, revision, ...(revision > 0 && { message: opened }) })
    return opened
  }

  #withReactions(message: Message): HeldMessage {
    if (!message.reactions || !this.#of.rooms.isHeld(message.conversationId)) return message
    const room = this.#of.rooms.get(message.conversationId)
    if (!room.chain) return message
    const seal = { epoch: null, revision: 0, cause: null }
    const { sealed: _, ...opened } = this.#reactionsOf(room, message, seal, isEmoji)
    return { ...message, ...opened }
  }

  /**
   * Reactions in words, and as they came, by which they are taken back. Those that do not open are not shown, but for those
   * that may stand open.
   */
  #reactionsOf(
    room: Room,
    message: Message,
    seal: NonNullable<HeldMessage['sealed']>,
    mayBePlain: (emoji: string) => boolean = () => false,
  ): Pick<HeldMessage, 'reactions' | 'sealed'> {
    const raw = message.reactions
    if (!raw) return { reactions: undefined, sealed: seal }
    const { conversationId, authorId, clientMessageId } = message
    const place = { conversationId, authorId, clientMessageId }
    const shown = new Map<string, Reaction>()
    for (const { emoji, accountIds } of raw) {
      const word = this.#word(room, place, emoji) ?? (mayBePlain(emoji) ? emoji : null)
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
      if (error instanceof SealedError) return null
      throw error
    }
  }
}

/** To what was said before the conversation was sealed, reactions may be as old. */
const isEmoji = (text: string): boolean => text.length < 128
