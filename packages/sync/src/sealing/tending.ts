import { backoffMs } from '@parley/client/backoff'
import { ParleyError } from '@parley/client/parley-error'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { SealedError } from '@parley/domain/sealed/causes'
import { type Chain, mayRead, newestEpoch } from '@parley/domain/sealed/chain'
import { type HeldMessage, messageById, messagesAfter } from '../store/messages.ts'
import { causesIn, closedMessages, knownIdentity, storedNotices } from '../store/sealed.ts'
import { heldConversation } from '../store/conversations.ts'
import { recountMentions, takeMessage } from '../sync/take.ts'
import type { SealingView } from '../views.ts'
import type { Opening } from './opening.ts'
import { isMisnamed, keyOfNewest, type Room } from './rooms.ts'
import type { Writing, WritingSurroundings } from './writing.ts'

/** Closed messages that are tried in a step. */
const healedPerStep = 48
/** A room that the server refuses is left alone until something new is heard of it. */
const failuresMax = 8

export interface TendingSurroundings extends WritingSurroundings {
  readonly writing: Writing
  readonly opening: Opening
  readonly onKeys: () => void
}

/** Sees to sealed conversations, one after the other: reads on, asks for keys, opens what was closed. */
export class Tending {
  readonly #of: TendingSurroundings
  readonly #wanted = new Set<ConversationId>()
  /** Those that were seen to since there is a connection. */
  #met = new Set<ConversationId>()
  readonly #gone = new Map<Room, ReadonlySet<AccountId>>()
  #open = false
  #running: Promise<void> | null = null
  #failures = 0
  #wait: Disposable | null = null

  constructor(surroundings: TendingSurroundings) {
    this.#of = surroundings
  }

  open(): void {
    this.#open = true
    this.#met = new Set()
    this.#failures = 0
    this.#pump()
  }

  shut(): void {
    this.#open = false
    this.#wait?.[Symbol.dispose]()
    this.#wait = null
  }

  async close(): Promise<void> {
    this.shut()
    await this.#running
  }

  want(id: ConversationId): void {
    this.#wanted.add(id)
    this.#pump()
  }

  #pump(): void {
    if (!this.#open || this.#running || this.#wait || this.#wanted.size === 0) return
    this.#running = this.#run().finally(() => {
      this.#running = null
      this.#pump()
    })
  }

  async #run(): Promise<void> {
    const { kit, rooms } = this.#of
    for (const id of this.#wanted) {
      await kit.breathe()
      if (!this.#open) return
      this.#wanted.delete(id)
      const held = heldConversation(kit.store.connection, id)
      if (held?.conversation.sealed !== true) continue
      const room = rooms.get(id)
      try {
        await this.tend(room)
        this.#failures = 0
      } catch (error) {
        this.#failed(room, error)
        if (this.#wait) return
      } finally {
        if (this.#open) this.look(room)
      }
    }
  }

  #failed(room: Room, error: unknown): void {
    const { kit, reading } = this.#of
    if (error instanceof SealedError) {
      reading.caught(room, error)
      return
    }
    if (!(error instanceof ParleyError)) {
      if (this.#open) kit.onDefect(error)
      return
    }
    const isPassing = !error.isRefusal || error.kind === 'rate-limited' || error.kind === 'head-moved'
    if (!this.#open || !isPassing || this.#failures >= failuresMax) return
    this.#wanted.add(room.id)
    const ms = (error.retryAfterMs ?? 0) + backoffMs(this.#failures, kit.random)
    this.#failures += 1
    this.#wait = kit.clock.after(ms, () => {
      this.#wait = null
      this.#pump()
    })
  }

  /** @throws ParleyError, SealedError */
  async tend(room: Room): Promise<void> {
    const { reading, own, keys, lists, writing } = this.#of
    this.#of.rooms.tellNow(room)
    // What was broken may be mended by now.
    if (room.facts.broken) await reading.on(room)
    else await reading.ensure(room)
    writing.came()
    await this.#sweep(room)
    const { chain } = room
    if (!chain || room.facts.broken || !own.isReady) return
    const identity = chain.members.get(own.keys.accountId)?.identity ?? null
    if (identity !== null && identity !== own.list.identity && !(await this.#comeBack(room))) return
    const isNew = !this.#met.has(room.id)
    this.#met.add(room.id)
    if (isNew) await lists.learn([...chain.members.keys()])
    await this.#readFor(room)
    await writing.introduce(room)
    if (keys.missing(room).length > 0 && (await keys.fetch(room))) this.keysCame(room)
    await this.heal(room)
    await keys.ask(room)
    await this.#afterRevocation(room)
    await this.#removeAgain(room)
    await this.#removeGone(room)
    if (isNew) await keys.answerAll(room)
  }

  /**
   * Who began again comes in by itself where anybody may, and where not waits for others, who see that the keys are new.
   * @returns whether it is in
   */
  async #comeBack(room: Room): Promise<boolean> {
    const { own, writing } = this.#of
    const isOut = ({ members }: Chain) => members.get(own.keys.accountId)?.identity !== own.list.identity
    const mayJoin = ({ form, joinPolicy, members }: Chain) =>
      form === 'group' &&
      (joinPolicy === 'open' || joinPolicy === 'password') &&
      members.get(own.keys.accountId)?.role === 'member'
    await writing.change(room, (chain) =>
      chain && isOut(chain) && mayJoin(chain) ? { op: 'join', proof: null } : null,
    )
    return room.chain !== null && !isOut(room.chain)
  }

  /** Messages that came name more of the chain, or of a list, than is here. */
  async #readFor(room: Room): Promise<void> {
    const { kit, reading, lists } = this.#of
    const causes = new Set(causesIn(kit.store.connection, room.id))
    if (causes.has('chain-behind') || causes.has('epoch-unknown')) {
      await this.heal(room)
      if (causesIn(kit.store.connection, room.id).includes('chain-behind')) await reading.on(room)
    }
    if (causes.has('chain-broken')) this.#tellFork(room)
    if (!causes.has('device-not-verified') && !causes.has('needs-list')) return
    const closed = closedMessages(kit.store.connection, room.id, Number.MAX_SAFE_INTEGER, healedPerStep)
    await lists.learn(closed.map(({ authorId }) => authorId))
  }

  /**
   * Somebody was shown another chain, or says so. People are told, and what is shown here goes on: one member alone could
   * stop everybody else with it.
   */
  #tellFork(room: Room): void {
    const { kit, rooms } = this.#of
    const { connection, standing } = kit.store
    const isTold = storedNotices(connection, room.id).some(
      (notice) => notice.kind === 'lied' && notice.cause === 'chain-broken',
    )
    if (isTold) return
    const position = standing?.cursor ?? 0
    rooms.tell(room, { kind: 'lied', cause: 'chain-broken', at: kit.clock.now(), position })
  }

  keysCame(_room: Room): void {
    this.#of.writing.came()
    this.#of.onKeys()
  }

  /** One's own device was put out: nothing more is to be sealed to it. Others see to theirs when they write. */
  async #afterRevocation(room: Room): Promise<void> {
    const { own, writing } = this.#of
    const { accountId } = own.keys
    if (writing.headsToName(room).some((ref) => ref.accountId === accountId)) await writing.beginEpoch(room)
  }

  /** Somebody left without a word in the chain, as who has no device can: an admin's program says it there. */
  left(id: ConversationId, accountId: AccountId): void {
    const room = this.#of.rooms.get(id)
    if (room.chain?.members.has(accountId) !== true) return
    this.#gone.set(room, new Set([...(this.#gone.get(room) ?? []), accountId]))
    this.want(id)
  }

  async #removeGone(room: Room): Promise<void> {
    const gone = [...(this.#gone.get(room) ?? [])]
    this.#gone.delete(room)
    const role = room.chain?.members.get(this.#of.own.keys.accountId)?.role
    if (gone.length > 0 && (role === 'founder' || role === 'admin')) await this.#of.writing.remove(room, gone)
  }

  /** Who was removed in a branch that a restored server lost is removed again. */
  async #removeAgain(room: Room): Promise<void> {
    const { writing, reading } = this.#of
    const back = writing.removable(room, reading.readmitted(room))
    if (back.length > 0) await writing.remove(room, back)
    reading.forgetReadmitted(room)
  }

  /** Opens what can be opened by now. */
  async heal(room: Room): Promise<void> {
    const { kit, opening } = this.#of
    const { store } = kit
    const { connection } = store
    for (let before = Number.MAX_SAFE_INTEGER; ;) {
      const rows = closedMessages(connection, room.id, before, healedPerStep)
      const last = rows.at(-1)
      if (!last) break
      before = last.id
      const closed = rows
        .filter(({ cause }) => cause !== 'replayed')
        .map(({ id }) => messageById(connection, id))
        .filter((message) => message?.content.kind === 'sealed' && message.content.sealed !== '-')
        .filter((message) => message !== null)
      const opened = await opening.open(closed)
      const news = opened.filter((message, at) => message.sealed?.cause !== closed[at]?.sealed?.cause)
      if (news.length > 0) this.#put(room, news, closed)
      await kit.breathe()
    }
  }

  /** Plain content may have come before it was known where the chain begins, from when on there is none. */
  async #sweep(room: Room): Promise<void> {
    const { kit, opening, rooms } = this.#of
    const [created] = room.positions
    if (created === undefined || room.facts.swept) return
    for (let after = created; ;) {
      const held = messagesAfter(kit.store.connection, room.id, after, healedPerStep)
      const last = held.at(-1)
      if (!last) break
      after = last.id
      const plain = held.filter(({ content, sealed }) => content.kind === 'plain' && !sealed)
      if (plain.length > 0) this.#put(room, await opening.open(plain), plain)
      await kit.breathe()
    }
    rooms.note(room, { swept: true })
  }

  #put(room: Room, news: readonly HeldMessage[], closed: readonly HeldMessage[]): void {
    const { store } = this.#of.kit
    store.write((touch) => {
      const put = news.filter((message) => {
        // The stream may have changed it meanwhile.
        const now = messageById(store.connection, message.id)
        const then = closed.find(({ id }) => id === message.id)
        return JSON.stringify(now?.content) === JSON.stringify(then?.content)
      })
      for (const message of put) takeMessage(store, touch, message)
      recountMentions(store, room.id)
      touch('conversations')
    })
  }

  /** Says how a conversation stands, where that is another way than before. */
  look(room: Room): void {
    const view = this.#viewOf(room)
    if (JSON.stringify(view) !== JSON.stringify(room.facts.view)) this.#of.rooms.note(room, { view })
  }

  #viewOf(room: Room): SealingView {
    const { kit, own } = this.#of
    const { chain, facts } = room
    const { id: me } = kit.store.account
    const others = [...(chain?.members.values() ?? [])].filter(({ accountId }) => accountId !== me)
    const verified =
      others.length > 0 &&
      others.every(
        ({ accountId, identity }) =>
          identity !== null && knownIdentity(kit.store.connection, accountId)?.verified === identity,
      )
    const view = { verified, history: chain?.history ?? 'joining' } as const
    const waiting = (cause: SealingView['cause']): SealingView => ({ state: 'waiting', cause, ...view })
    const broken = isMisnamed(kit.store.connection, room) ? 'chain-broken' : facts.broken
    if (broken) return { state: 'broken', cause: broken, ...view }
    if (!chain) return waiting(facts.none ? 'foreign' : 'chain-behind')
    const member = chain.members.get(me)
    if (!own.isReady) return waiting('no-grant-yet')
    if (!member) return waiting('not-a-member')
    const { identity } = own.list
    if (member.identity !== null && member.identity !== identity) return waiting('identity-changed')
    const { number } = newestEpoch(chain)
    if (!keyOfNewest(room) && mayRead(chain, me, identity, number)) return waiting('no-grant-yet')
    return { state: 'open', cause: null, ...view }
  }
}
