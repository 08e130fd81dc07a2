import { ParleyError } from '@parley/client/parley-error'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { fromText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Entry } from '@parley/domain/stream'
import { heldConversation, heldConversations } from '../store/conversations.ts'
import type { HeldMessage } from '../store/messages.ts'
import type { ListNews } from './lists.ts'
import type { Linking } from './linking.ts'
import type { Opening } from './opening.ts'
import type { Performing } from './performing.ts'
import type { Recovery } from './recovery.ts'
import { keyOfNewest } from './rooms.ts'
import type { Tending } from './tending.ts'
import type { Writing, WritingSurroundings } from './writing.ts'

export interface IntakeSurroundings extends WritingSurroundings {
  readonly writing: Writing
  readonly opening: Opening
  readonly performing: Performing
  readonly tending: Tending
  readonly linking: Linking
  readonly recovery: Recovery
}

type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>
type Said = EntryOf<'message' | 'message-changed'>

const isSaid = (entry: Entry): entry is Said => entry.kind === 'message' || entry.kind === 'message-changed'

/** Takes what the server brings: chains, lists and keys first, and then the messages that they open. */
export class Intake {
  readonly #of: IntakeSurroundings
  /** Accounts of which a newer device list is to be read. */
  readonly #toLearn = new Set<AccountId>()
  #learning: Promise<void> | null = null

  constructor(surroundings: IntakeSurroundings) {
    this.#of = surroundings
  }

  /** There is a connection, and everything up to now has come. @throws ParleyError */
  async arrive(): Promise<void> {
    const { own, tending, linking, performing, recovery } = this.#of
    await own.arrive()
    await linking.lookForAnswer()
    this.#aside(linking.askForKey())
    this.#aside(linking.handWaiting())
    tending.open()
    this.lookAtAll()
    if (own.isReady) await performing.making.finish()
    if (this.#toLearn.size > 0) this.#learn()
    recovery.touch()
  }

  /** Sees to all sealed conversations that are not as they should be. */
  lookAtAll(): void {
    const { kit, tending, recovery } = this.#of
    recovery.touch()
    for (const { conversation } of heldConversations(kit.store.connection))
      if (conversation.sealed) tending.want(conversation.id)
  }

  /** What was learnt of somebody's devices is told in every conversation with them. */
  heard({ accountId, kind }: ListNews): void {
    const { kit, rooms, tending, reading, own } = this.#of
    if (accountId === kit.store.account.id && kind === 'device-revoked') {
      own.forgetBackup()
      this.#aside(this.#of.linking.askForKey())
    }
    const position = kit.store.standing?.cursor ?? 0
    const notice = { accountId, at: kit.clock.now(), position }
    // What was checked with a list that is to be another is read before.
    if (kind === 'list-branch')
      for (const { conversation } of heldConversations(kit.store.connection))
        if (conversation.sealed) rooms.get(conversation.id)
    for (const room of rooms.with(accountId)) {
      tending.want(room.id)
      if (kind === 'list-broken')
        reading.caught(room, new SealedError('list-broken', 'Another list than before.'))
      else if (kind === 'list-branch') reading.tellOnce(room, 'list-broken')
      else if (kind !== 'first') rooms.tell(room, { kind, ...notice })
    }
    if (kind !== 'list-broken' && kind !== 'list-branch' && kind !== 'first')
      rooms.tellLater({ kind, ...notice })
    kit.store.write((touch) => touch('encryption'))
  }

  /** Entries of the log as they are to be stored. */
  async entries(entries: readonly Entry[]): Promise<Entry[]> {
    for (const entry of entries) if (!isSaid(entry)) await this.#take(entry)
    const all = [...entries]
    const said = entries.filter(isSaid).filter(({ message }) => this.#concerns(message))
    if (said.length === 0) return all
    const opened = await this.#of.opening.open(
      said.map(({ message }) => message),
      said.map(({ position }) => position),
    )
    let next = 0
    for (let at = 0; at < all.length; at += 1) {
      const entry = all[at]
      const message = opened[next]
      if (!entry || !message || entry !== said[next] || !isSaid(entry)) continue
      next += 1
      all[at] = { ...entry, message }
      if (message.sealed?.cause) this.#of.tending.want(message.conversationId)
    }
    return all
  }

  async messages(messages: readonly Message[]): Promise<HeldMessage[]> {
    return messages.some((message) => this.#concerns(message))
      ? this.#of.opening.open(messages)
      : [...messages]
  }

  #concerns({ content, conversationId }: Message): boolean {
    return content.kind === 'sealed' || this.#of.rooms.isHeld(conversationId)
  }

  /** Before a page of a conversation is asked for: what it takes to open it is read first, where that is possible. */
  async beforePage(id: ConversationId): Promise<void> {
    const { kit, rooms, reading, keys, own } = this.#of
    if (heldConversation(kit.store.connection, id)?.conversation.sealed !== true) return
    const room = rooms.get(id)
    try {
      await reading.ensure(room)
      if (own.isReady && !keyOfNewest(room) && (await keys.fetch(room))) this.#of.tending.keysCame(room)
    } catch (error) {
      // The page comes closed, and is opened later.
      if (!(error instanceof ParleyError) && !(error instanceof SealedError)) throw error
    }
    this.#of.tending.want(id)
  }

  async #take(entry: Entry): Promise<void> {
    const { tending, rooms, linking } = this.#of
    switch (entry.kind) {
      case 'chain':
        this.#takeChain(entry)
        return
      case 'grants':
        await this.#takeGrants(entry)
        return
      case 'key-request':
        this.#of.keys.answer(rooms.get(entry.conversationId), entry)
        return
      case 'device-list':
        this.#takeHead(entry)
        return
      case 'joined':
      case 'conversation':
        if (entry.conversation.sealed) tending.want(entry.conversation.id)
        return
      case 'member-left':
        if (rooms.isHeld(entry.conversationId)) tending.left(entry.conversationId, entry.accountId)
        return
      case 'left':
        rooms.forget(entry.conversationId)
        return
      case 'link-request':
        this.#aside(linking.take(entry.request))
        return
      case 'link-answer':
        this.#aside(linking.answered(entry))
        return
      default:
    }
  }

  /** What asks the server does not hold up the stream. */
  #aside(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof ParleyError) && !(error instanceof SealedError)) this.#of.kit.onDefect(error)
    })
  }

  #takeChain({ conversationId, entry, position }: EntryOf<'chain'>): void {
    const { rooms, reading, tending, writing } = this.#of
    const room = rooms.get(conversationId)
    try {
      const taken = rooms.take(room, { bytes: fromText(entry), position })
      if (taken === 'other') throw new SealedError('chain-broken', 'Another chain than was shown before.')
      if (taken === 'gap' || taken === 'needs-lists') reading.behind(room)
      else writing.came()
    } catch (error) {
      if (!(error instanceof SealedError)) throw error
      reading.caught(room, error)
    }
    tending.want(conversationId)
  }

  async #takeGrants({ conversationId, deviceId, grants }: EntryOf<'grants'>): Promise<void> {
    const { own, rooms, keys, tending } = this.#of
    if (!own.isReady || own.keys.id !== deviceId) return
    const room = rooms.get(conversationId)
    if (await keys.take(room, grants)) tending.keysCame(room)
    tending.want(conversationId)
  }

  #takeHead(head: EntryOf<'device-list'>): void {
    if (this.#of.lists.note(head)) this.#toLearn.add(head.accountId)
    if (this.#toLearn.size > 0) this.#learn()
  }

  #learn(): void {
    this.#learning ??= this.#learnAll().finally(() => {
      this.#learning = null
    })
    this.#aside(this.#learning)
  }

  async #learnAll(): Promise<void> {
    const { lists, own, kit, tending, rooms } = this.#of
    while (this.#toLearn.size > 0) {
      const accountIds = [...this.#toLearn]
      await lists.learn(accountIds)
      for (const id of accountIds) {
        this.#toLearn.delete(id)
        for (const room of rooms.with(id)) tending.want(room.id)
      }
      if (accountIds.includes(kit.store.account.id)) await own.settle()
    }
  }
}
