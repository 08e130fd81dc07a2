import { bodyOf, type Opened, prepareMessage, type Reading, type Received } from '@parley/crypto/messages'
import { openReaction } from '@parley/crypto/reactions'
import { type SealedContent, unseal } from '@parley/crypto/unsealing'
import { Vouched } from '@parley/crypto/vouching'
import type { Message, Reaction } from '@parley/domain/messages'
import { fromText, zeroHash } from '@parley/domain/sealed/bytes'
import type { MessageForm } from '@parley/domain/sealed/message-form'
import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'
import { sliceMs } from '../limits.ts'
import { type HeldMessage, messageById } from '../store/messages.ts'
import { nameOf, sealedByNames, type SealedRow } from '../store/sealed.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import type { OwnDevice } from './own.ts'
import type { Room, Rooms } from './rooms.ts'

/** Messages that are looked up together in the store. */
const messagesPerLook = 200
/** Looked at between two messages, so that a step does not end after each. */
const messagesPerStepMin = 20

/** Those of some events of the log. */
const recentMax = 5_000

interface Recent {
  /** By which name and at which place it came first. */
  readonly name: string
  readonly id: number
  /** The newest that was opened. */
  revision: number | null
  /** As it was opened, of an edit: it may not be in the store yet when what it replaced comes again. */
  message: HeldMessage | null
}

/** A message of which the content is to be opened. */
interface Asked {
  readonly room: Room
  readonly message: Message
  readonly recent: Recent
  readonly form: MessageForm
  readonly content: SealedContent
}

type Wanted =
  | { readonly asked: Asked; readonly done?: undefined }
  | { readonly asked?: undefined; readonly done: HeldMessage }

/** What became of a content: what was sealed, as JSON, or why it stays closed. */
type Unsealed = string | { readonly cause: SealedCause }

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
  readonly #vouched = new Vouched()

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
    const step = this.#steps()
    let knowledge = this.#knowledgeOf([])
    for (const [at, message] of messages.entries()) {
      if (at % messagesPerLook === 0) knowledge = this.#knowledgeOf(messages.slice(at, at + messagesPerLook))
      if (message.content.kind !== 'sealed') continue
      await step()
      const { sealed } = message.content
      const wanted = this.#prepared(message, { sealed, position: positions[at], knowledge })
      if (wanted.asked) asked.push({ at, ...wanted.asked })
      else done[at] = wanted.done
    }
    const unsealed = await this.#unsealed(asked, step)
    for (const [index, one] of asked.entries()) {
      await step()
      const outcome = unsealed[index]
      if (outcome !== undefined) done[one.at] = this.#after(one, outcome)
    }
    return done
  }

  /** The last first, as it vouches for those before it. */
  async #unsealed(asked: readonly Asked[], step: () => Promise<void> | undefined): Promise<Unsealed[]> {
    const unsealed: Unsealed[] = []
    for (const { content } of asked.toReversed()) {
      await step()
      unsealed.push(this.#unseal(content))
    }
    return unsealed.toReversed()
  }

  #unseal(content: SealedContent): Unsealed {
    try {
      return unseal(this.#of.kit.primitives, this.#vouched, content)
    } catch (error) {
      if (error instanceof SealedError) return { cause: error.kind }
      throw error
    }
  }

  /** To be called between two messages: gives way to the screen every few milliseconds. */
  #steps(): () => Promise<void> | undefined {
    const { clock, breathe } = this.#of.kit
    let looked = 0
    let deadline = clock.now() + sliceMs
    return () => {
      looked += 1
      if (looked % messagesPerStepMin !== 0 || clock.now() < deadline) return undefined
      return breathe().then(() => {
        deadline = clock.now() + sliceMs
      })
    }
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
    if (!room.chain) return { done: this.#closed(message, room.facts.none ? 'foreign' : 'chain-behind') }
    const name = nameOf(message)
    const known = knowledge.known.get(name) ?? null
    const recent = this.#recent.get(name) ?? this.#remember({ name, id: known?.id ?? message.id })
    if (recent.id !== message.id) return { done: this.#closed(message, 'replayed') }
    const reading = knowledge.readings.get(room) ?? this.#readingOf(room)
    knowledge.readings.set(room, reading)
    try {
      const seen = recent.revision ?? (known?.cause === null ? known.revision : null)
      const received = this.#received(room, message, { sealed, seen, position })
      return { asked: { room, message, recent, ...prepareMessage(reading, received) } }
    } catch (error) {
      if (!(error instanceof SealedError)) throw error
      const { kind } = error
      return { done: kind === 'replayed' ? this.#newer(room, message, recent) : this.#closed(message, kind) }
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

  #remember({ name, id }: Pick<Recent, 'name' | 'id'>): Recent {
    const recent: Recent = { name, id, revision: null, message: null }
    this.#recent.set(name, recent)
    if (this.#recent.size > recentMax) {
      const [oldest = ''] = this.#recent.keys()
      this.#recent.delete(oldest)
    }
    return recent
  }

  /** An edit is among the newest, however long ago it was what it replaces. */
  #keep(recent: Recent, message: HeldMessage): void {
    recent.message = message
    this.#recent.delete(recent.name)
    this.#recent.set(recent.name, recent)
  }

  /** A new snapshot: messages may have other places now. */
  forget(): void {
    this.#recent.clear()
  }

  #received(
    room: Room,
    message: Message,
    { sealed, seen, position }: Omit<Sealed, 'knowledge'> & { readonly seen: number | null },
  ): Received {
    const { conversationId, authorId, clientMessageId } = message
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

  #after({ room, message, recent, form }: Asked, unsealed: Unsealed): HeldMessage {
    if (typeof unsealed !== 'string') return this.#closed(message, unsealed.cause)
    // A newer one may have been opened since this one was looked at.
    if (form.revision < (recent.revision ?? 0)) return this.#newer(room, message, recent)
    try {
      const opened = this.#opened(room, message, { body: bodyOf(unsealed), form })
      recent.revision = form.revision
      if (form.revision > 0) this.#keep(recent, opened)
      return opened
    } catch (error) {
      if (error instanceof SealedError) return this.#closed(message, error.kind)
      throw error
    }
  }

  /** The newer one stands, which may not be in the store yet. */
  #newer(room: Room, message: Message, recent: Recent): HeldMessage {
    const stored = messageById(this.#of.kit.store.connection, message.id)
    const newer = [recent.message, stored]
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
