import { ParleyError } from '@parley/client/parley-error'
import type { Conversation, Member, MembersPage } from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { chainMembersPerEntryMax } from '@parley/domain/limits'
import { SealedError } from '@parley/domain/sealed/causes'
import type { HistoryPolicy } from '@parley/domain/sealed/chain-entry'
import { OperationId } from '../actions.ts'
import type { Call, Done } from '../outbox/calls.ts'
import type { ServerPort } from '../ports.ts'
import { conversationMadeBy, heldConversation } from '../store/conversations.ts'
import { sealWishesValue } from '../store/meta.ts'
import { heldInvitation } from '../store/requests.ts'
import { isHeadMoved, type Writing, type WritingSurroundings } from './writing.ts'

type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>

/** Members may come and go so often while a conversation is turned. */
const createTriesMax = 5
const done: Done = { kind: 'done' }

export interface MakingSurroundings extends WritingSurroundings {
  readonly server: ServerPort
  readonly writing: Writing
}

/** Makes conversations sealed: new ones, and those that were plain. */
export class Making {
  readonly #of: MakingSurroundings

  constructor(surroundings: MakingSurroundings) {
    this.#of = surroundings
  }

  /** Whoever wants to write into it meanwhile waits for that. */
  #told(work: Promise<Done>): Promise<Done> {
    const { making } = this.#of.writing
    making.add(work)
    return work.finally(() => making.delete(work))
  }

  make(call: CallOf<'make-group' | 'open-direct'>): Promise<Done> {
    return this.#told(this.#make(call))
  }

  async #make(call: CallOf<'make-group' | 'open-direct'>): Promise<Done> {
    const { server, own } = this.#of
    // Refused before anything is made.
    void own.keys
    const history = call.kind === 'make-group' ? (call.history ?? 'joining') : 'everything'
    this.#wish(call.operationId, history)
    const made = await server.perform(call)
    if (call.kind === 'open-direct' && made.kind === 'conversation')
      mustBeAmong(made.conversation, [call.accountId])
    // One that was there already is turned: who asks for a sealed conversation gets no other.
    if (made.kind === 'conversation') await this.#create(made.conversation.id, history, made.conversation)
    this.#wish(call.operationId, null)
    return made
  }

  /** The conversation is there, and sealed, before the answer: so no word is said in a plain one. */
  async accept(call: CallOf<'accept-invitation'>): Promise<Done> {
    const { kit, server } = this.#of
    const invitation = heldInvitation(kit.store.connection, call.fromId, kit.store.account.id)
    if (invitation?.state === 'waiting') {
      const { operationId, fromId: accountId } = call
      await this.make({ kind: 'open-direct', operationId, accountId, sealed: true })
    }
    return server.perform(call)
  }

  /** Kept, as the stream may say that the conversation is made before its chain is. */
  #wish(id: OperationId, history: HistoryPolicy | null): void {
    const { store } = this.#of.kit
    const { [id]: _, ...others } = sealWishesValue.read(store.connection) ?? {}
    const wishes = history ? { ...others, [id]: history } : others
    store.write(() => sealWishesValue.write(store.connection, wishes))
  }

  /** Goes on with what a crash left without its chain. */
  async finish(): Promise<void> {
    const { store } = this.#of.kit
    for (const [id, history] of Object.entries(sealWishesValue.read(store.connection) ?? {})) {
      const operationId = OperationId.safeParse(id).data ?? null
      if (operationId && store.operations.get(operationId)) continue
      const made = operationId && conversationMadeBy(store.connection, operationId)
      if (made) await this.#createAgain(made, history)
      if (operationId) this.#wish(operationId, null)
    }
  }

  /** What is refused now will be refused later: everything else goes on. @throws ParleyError that passes */
  async #createAgain(id: ConversationId, history: HistoryPolicy): Promise<void> {
    try {
      await this.#create(id, history)
    } catch (error) {
      const isOver = error instanceof ParleyError && error.isRefusal && error.retryAfterMs === undefined
      if (!isOver && !(error instanceof SealedError)) throw error
    }
  }

  async turn({ conversationId, history }: CallOf<'turn-sealed'>): Promise<Done> {
    await this.#told(this.#create(conversationId, history).then(() => done))
    return done
  }

  /** Begins the chain, with the members and roles that the conversation then has. */
  async #create(id: ConversationId, history: HistoryPolicy, made?: Conversation): Promise<void> {
    const { kit, rooms, reading, writing } = this.#of
    const room = rooms.get(id)
    for (let tries = 1; ; tries += 1) {
      await reading.ensure(room)
      if (room.chain) return
      const others = await this.#othersIn(id)
      const refs = await writing.refsOf(others.map(({ accountId }) => accountId))
      const known = heldConversation(kit.store.connection, id)?.conversation ?? made
      if (!known) throw new ParleyError('not-found', 'This conversation is not here.')
      const { kind: form, joinPolicy } = known
      if (form === 'direct')
        mustBeAmong(
          known,
          others.map(({ accountId }) => accountId),
        )
      const members = refs.map((ref, at) => ({ ...ref, role: others[at]?.role ?? 'member' }))
      try {
        await writing.change(
          room,
          (chain, epoch) => (chain ? null : { op: 'create', form, joinPolicy, history, epoch, members }),
          { triesMax: 1 },
        )
        return
      } catch (error) {
        // Somebody came or went meanwhile, or began it.
        if (!isHeadMoved(error) || tries >= createTriesMax) throw error
        await reading.on(room)
      }
    }
  }

  /** @throws ParleyError `too-many` where they do not fit one entry */
  async #othersIn(id: ConversationId): Promise<Member[]> {
    const { kit, server } = this.#of
    const members: Member[] = []
    for (let after: AccountId | null | undefined = null; after !== undefined;) {
      const page: MembersPage = await server.members(id, after)
      members.push(...page.members)
      after = page.next ?? undefined
    }
    const others = members.filter(({ accountId }) => accountId !== kit.store.account.id)
    if (others.length <= chainMembersPerEntryMax) return others
    const most = (chainMembersPerEntryMax + 1).toLocaleString('en')
    throw new ParleyError('too-many', `A group of more than ${most} people is too large to be turned.`)
  }
}

/** Whoever is in a direct conversation, the server says; who was meant to be, a person did. @throws SealedError `tampered` */
function mustBeAmong({ directWith }: Conversation, accountIds: readonly AccountId[]): void {
  if (accountIds.every((id) => directWith?.includes(id) === true)) return
  throw new SealedError('tampered', 'The server names somebody else than who was meant.')
}
