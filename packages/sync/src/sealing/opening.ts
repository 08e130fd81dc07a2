import { type Opened, Opener } from '@parley/crypto/messages'
import { openReaction } from '@parley/crypto/reactions'
import type { Message, Reaction } from '@parley/domain/messages'
import { fromText, zeroHash } from '@parley/domain/sealed/bytes'
import { type SealedCause, SealedError } from '@parley/domain/sealed/causes'
import { sliceMs } from '../limits.ts'
import { type HeldMessage, messageById, type Seal } from '../store/messages.ts'
import { nameOf, sealedByNames, type SealedRow } from '../store/sealed.ts'
import type { Kit } from './kit.ts'
import { Lately } from './lately.ts'
import type { DeviceLists } from './lists.ts'
import type { OwnDevice } from './own.ts'
import type { Room, Rooms } from './rooms.ts'

/** Messages that are looked up together in the store. */
const messagesPerLook = 200
/** Looked at between two messages, so that a step does not end after each. */
const messagesPerStepMin = 20

/** Those of some events of the log. */
const recentMax = 10_000

interface Recent {
  /** By which name and at which place it came first. */
  readonly name: string
  readonly id: number
  /** The newest that was opened. */
  revision: number | null
  /** As it was opened, of an edit: it may not be in the store yet when what it replaced comes again. */
  message: HeldMessage | null
}

interface ToOpen {
  /** Which one it is of those that came together. */
  readonly at: number
  readonly message: Message
  readonly sealed: string
  readonly recent: Recent
  /** Where what it says now came to stand in the log, where that is known. */
  readonly position: number | undefined
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
  readonly #recent = new Lately<string, Recent>(recentMax)

  constructor(surroundings: OpeningSurroundings) {
    this.#of = surroundings
  }

  /**
   * Each message as it is to be kept, in the same order: opened, or closed with the cause.
   * @param positions where what they now say came to stand in the log, where that is not the message's own place
   */
  async open(messages: readonly Message[], positions: readonly number[] = []): Promise<HeldMessage[]> {
    const step = this.#steps()
    const done: HeldMessage[] = [...messages]
    const toOpen = new Map<Room, ToOpen[]>()
    let known: ReadonlyMap<string, SealedRow> = new Map()
    for (let at = 0; at < messages.length; at += 1) {
      if (at % messagesPerLook === 0) known = this.#knownOf(messages.slice(at, at + messagesPerLook))
      const rest = step()
      if (rest) await rest
      const message = messages[at]
      if (message?.content.kind === 'plain') done[at] = this.#plain(message)
      if (message?.content.kind !== 'sealed') continue
      const { sealed } = message.content
      const room = this.#of.rooms.get(message.conversationId)
      const recent = this.#recentOf(room, message, known)
      if (typeof recent === 'string') done[at] = this.#closed(message, recent)
      else {
        const all = toOpen.get(room) ?? []
        all.push({ at, message, sealed, recent, position: positions[at] })
        toOpen.set(room, all)
      }
    }
    for (const [room, all] of toOpen) {
      const opener = this.#openerOf(room)
      // The last first, as it vouches for those before it.
      for (const one of all.toReversed()) {
        const rest = step()
        if (rest) await rest
        done[one.at] = this.#openOne(room, opener, one)
      }
      // What is stored last has to be the newest, in whichever order the revisions came.
      for (const { at, message, recent } of all)
        if (isOlder(done[at], recent)) done[at] = this.#newer(room, message, recent)
    }
    return done
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

  #knownOf(messages: readonly Message[]): ReadonlyMap<string, SealedRow> {
    const sealed = messages.filter(({ content }) => content.kind === 'sealed')
    return sealed.length > 0 ? sealedByNames(this.#of.kit.store.connection, sealed) : new Map()
  }

  /** What is known of content that is to be opened; or why it is not. */
  #recentOf(
    { chain, facts }: Room,
    message: Message,
    knownOf: ReadonlyMap<string, SealedRow>,
  ): Recent | SealedCause {
    if (!chain) return facts.none ? 'foreign' : 'chain-behind'
    const name = nameOf(message)
    const recent = this.#recent.get(name) ?? this.#remember(name, message, knownOf.get(name))
    return recent.id === message.id ? recent : 'replayed'
  }

  /** Plain content has no place in a conversation from the entry on that turned it sealed. */
  #plain(message: Message): HeldMessage {
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

  #remember(name: string, message: Message, known: SealedRow | undefined): Recent {
    const revision = known?.cause === null ? known.revision : null
    const recent: Recent = { name, id: known?.id ?? message.id, revision, message: null }
    this.#recent.put(name, recent)
    return recent
  }

  /** An edit is among the newest, however long ago it was what it replaces. */
  #keep(recent: Recent, message: HeldMessage): void {
    recent.message = message
    this.#recent.put(recent.name, recent)
  }

  /** A new snapshot: messages may have other places now. */
  forget(): void {
    this.#recent.clear()
  }

  #openerOf({ chain, keyring, vouched }: Room): Opener {
    const { kit, lists, own } = this.#of
    const accountId = kit.store.account.id
    const identity = own.isListed ? own.list.identity : zeroHash
    const reader = { accountId, identity }
    return new Opener({ primitives: kit.primitives, chain, lists: lists.known, keyring, reader }, vouched)
  }

  #openOne(room: Room, opener: Opener, { message, sealed, recent, position }: ToOpen): HeldMessage {
    // Of an edit it is not known when it came, but where the stream says so.
    const came = message.editedAt === undefined ? message.id : position
    const epochThen = came === undefined ? 0 : this.#of.rooms.epochAt(room, came)
    try {
      const read = opener.open({ place: message, sealed, revisionSeen: recent.revision ?? 0, epochThen })
      const opened = this.#opened(room, message, read)
      recent.revision = read.revision
      if (read.revision > 0) this.#keep(recent, opened)
      return opened
    } catch (error) {
      if (!(error instanceof SealedError)) throw error
      return error.kind === 'replayed'
        ? this.#newer(room, message, recent)
        : this.#closed(message, error.kind)
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

  #opened(room: Room, message: Message, { body, epoch, revision }: Opened): HeldMessage {
    const { text, replyTo, mentions, everyone, attachments = [] } = body
    const keys = attachments.map(({ id, key, bytes }) => ({ id, key: fromText(key), bytes }))
    const sealed: Seal = { epoch, revision, cause: null, ...(keys.length > 0 && { keys }) }
    // What else stands beside the content is the server's word, and is not believed.
    const opened: HeldMessage = {
      id: message.id,
      conversationId: message.conversationId,
      authorId: message.authorId,
      clientMessageId: message.clientMessageId,
      ordinal: message.ordinal,
      sentAt: message.sentAt,
      content: { kind: 'plain', text },
      sealed,
    }
    if (message.statedTime !== undefined) opened.statedTime = message.statedTime
    if (message.editedAt !== undefined) opened.editedAt = message.editedAt
    if (replyTo !== undefined) opened.replyTo = replyTo
    if (mentions) opened.mentions = mentions
    if (everyone) opened.mentionsEveryone = true
    if (attachments.length > 0) opened.attachments = attachments.map(({ key: _, ...each }) => each)
    return message.reactions ? { ...opened, ...this.#reactionsOf(room, message, sealed) } : opened
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

const isOlder = (message: HeldMessage | undefined, { revision }: Recent): boolean =>
  message?.sealed?.cause === null && message.sealed.revision < (revision ?? 0)

/** To what was said before the conversation was sealed, reactions may be as old. */
const isEmoji = (text: string): boolean => text.length < 128
