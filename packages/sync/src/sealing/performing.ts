import { checkJoinProof } from '@parley/crypto/join-proof'
import { ParleyError } from '@parley/client/parley-error'
import type { Member, MembersPage } from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { fromText, type Hash, zeroHash } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Chain } from '@parley/domain/sealed/chain'
import type { HistoryPolicy, MemberRef } from '@parley/domain/sealed/chain-entry'
import { OperationId } from '../actions.ts'
import type { Call, Done } from '../outbox/calls.ts'
import type { ServerPort } from '../ports.ts'
import { conversationMadeBy, heldConversation } from '../store/conversations.ts'
import { sealWishesValue } from '../store/meta.ts'
import { heldJoinRequest } from '../store/requests.ts'
import { Joining } from './joining.ts'
import { refusalOf } from './kit.ts'
import type { Room } from './rooms.ts'
import type { Saying } from './saying.ts'
import type { Writing, WritingSurroundings } from './writing.ts'

type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>

const done: Done = { kind: 'done' }

export interface PerformingSurroundings extends WritingSurroundings {
  readonly server: ServerPort
  readonly writing: Writing
  readonly saying: Saying
}

/** Does what a person wants in sealed conversations, where that is done by signed entries and sealed content. */
export class Performing {
  readonly #of: PerformingSurroundings
  readonly #joining: Joining

  constructor(surroundings: PerformingSurroundings) {
    this.#of = surroundings
    this.#joining = new Joining(surroundings)
  }

  /** @throws ParleyError */
  async perform(call: Call): Promise<Done> {
    try {
      return await this.#perform(call)
    } catch (error) {
      throw error instanceof SealedError ? refusalOf(error) : error
    }
  }

  #perform(call: Call): Promise<Done> {
    const { server } = this.#of
    switch (call.kind) {
      case 'make-group':
      case 'open-direct':
        return call.sealed ? this.#making(this.#make(call)) : server.perform(call)
      case 'turn-sealed':
        return this.#making(this.#turn(call))
      case 'join':
        return this.#joining.join(call)
      case 'ask-to-join':
        return this.#joining.ask(call)
      default:
        return 'conversationId' in call && this.#isSealed(call.conversationId)
          ? this.#inSealed(call)
          : server.perform(call)
    }
  }

  #isSealed(id: ConversationId): boolean {
    return heldConversation(this.#of.kit.store.connection, id)?.conversation.sealed === true
  }

  #inSealed(call: Call): Promise<Done> {
    const { server, saying } = this.#of
    switch (call.kind) {
      case 'send':
        return saying.send(call)
      case 'edit':
        return saying.edit(call)
      case 'react':
        return saying.react(call)
      case 'add-members':
      case 'remove-member':
      case 'set-role':
      case 'hand-over':
      case 'set-join-policy':
      case 'set-history':
      case 'leave':
      case 'approve-join':
        return this.#byChain(call)
      default:
        return server.perform(call)
    }
  }

  /** Whether the chain has a word for it: not of a founder who is the last, nor of who has no device in it. */
  #mayLeaveByChain(room: Room): boolean {
    const { own } = this.#of
    const me = own.isReady ? room.chain?.members.get(own.keys.accountId) : undefined
    return me !== undefined && me.role !== 'founder' && me.identity === own.list.identity
  }

  // Making

  #making(work: Promise<Done>): Promise<Done> {
    const { making } = this.#of.writing
    making.add(work)
    return work.finally(() => making.delete(work))
  }

  async #make(call: CallOf<'make-group' | 'open-direct'>): Promise<Done> {
    const { server, own } = this.#of
    // Refused before anything is made.
    void own.keys
    const history = call.kind === 'make-group' ? (call.history ?? 'joining') : 'everything'
    this.#wish(call.operationId, history)
    const made = await server.perform(call)
    if (made.kind === 'conversation' && made.conversation.sealed)
      await this.#create(made.conversation.id, history)
    this.#wish(call.operationId, null)
    return made
  }

  /** Kept, as the stream may say that the conversation is made before its chain is. */
  #wish(id: OperationId, history: HistoryPolicy | null): void {
    const { store } = this.#of.kit
    const { [id]: _, ...others } = sealWishesValue.read(store.connection) ?? {}
    const wishes = history ? { ...others, [id]: history } : others
    store.write(() => sealWishesValue.write(store.connection, wishes))
  }

  /** Goes on with what a crash left without its chain. */
  async finishMaking(): Promise<void> {
    const { store } = this.#of.kit
    for (const [id, history] of Object.entries(sealWishesValue.read(store.connection) ?? {})) {
      const queued = store.operations.all.find((each) => each.id === id)
      if (queued) continue
      const operationId = OperationId.safeParse(id).data ?? null
      const made = operationId && conversationMadeBy(store.connection, operationId)
      if (made && heldConversation(store.connection, made)?.conversation.sealed)
        await this.#create(made, history)
      if (operationId) this.#wish(operationId, null)
    }
  }

  async #turn({ conversationId, history }: CallOf<'turn-sealed'>): Promise<Done> {
    await this.#create(conversationId, history)
    return done
  }

  /** Begins the chain, with the members and roles that the conversation has. */
  async #create(id: ConversationId, history: HistoryPolicy): Promise<void> {
    const { kit, rooms, server, writing } = this.#of
    const room = rooms.get(id)
    const { id: me } = kit.store.account
    const members: Member[] = []
    for (let after: AccountId | null | undefined = null; after !== undefined;) {
      const page: MembersPage = await server.members(id, after)
      members.push(...page.members)
      after = page.next ?? undefined
    }
    const others = members.filter(({ accountId }) => accountId !== me)
    const refs = await writing.refsOf(others.map(({ accountId }) => accountId))
    const held = heldConversation(kit.store.connection, id)?.conversation
    const form = held?.kind ?? (members.some(({ role }) => role === 'founder') ? 'group' : 'direct')
    const joinPolicy = held?.joinPolicy ?? 'closed'
    await writing.change(room, (chain, epoch) =>
      chain
        ? null
        : {
            op: 'create',
            form,
            joinPolicy,
            history,
            epoch,
            members: refs.map((ref, at) => ({ ...ref, role: others[at]?.role ?? 'member' })),
          },
    )
  }

  // Changing

  async #byChain(
    call: CallOf<
      | 'add-members'
      | 'remove-member'
      | 'set-role'
      | 'hand-over'
      | 'set-join-policy'
      | 'set-history'
      | 'leave'
      | 'approve-join'
    >,
  ): Promise<Done> {
    const { rooms, server, writing } = this.#of
    const room = rooms.get(call.conversationId)
    await writing.chainOf(room)
    switch (call.kind) {
      case 'add-members':
        await this.add(room, await writing.refsOf(call.accountIds))
        return done
      case 'approve-join':
        await this.add(room, [await this.#whoAsks(room, call.accountId)])
        return done
      case 'remove-member':
        await this.remove(room, [call.accountId])
        return done
      case 'set-role':
      case 'hand-over': {
        const { accountId } = call
        const role = call.kind === 'hand-over' ? 'founder' : call.role
        await writing.change(room, (chain) =>
          chain?.members.get(accountId)?.role === role ? null : { op: 'role', accountId, role },
        )
        return done
      }
      case 'set-join-policy': {
        const { joinPolicy, password } = call
        const same = (chain: Chain | null) => chain?.joinPolicy === joinPolicy && password === undefined
        await writing.change(
          room,
          (chain) =>
            same(chain) ? null : { op: 'policy', joinPolicy, history: chain?.history ?? 'joining' },
          password,
        )
        // Whether it is listed the server says.
        return call.listed === undefined ? done : server.perform(call)
      }
      case 'set-history': {
        const { history } = call
        await writing.change(room, (chain) =>
          chain?.history === history
            ? null
            : { op: 'policy', joinPolicy: chain?.joinPolicy ?? 'closed', history },
        )
        return done
      }
      case 'leave':
        // Without a word in the chain, an admin's program removes who left.
        if (!this.#mayLeaveByChain(room)) return server.perform(call)
        await writing.change(room, () => ({ op: 'leave' }))
        return done
    }
  }

  async add(room: Room, refs: readonly MemberRef[]): Promise<void> {
    const { writing, keys } = this.#of
    await writing.change(room, (chain, epoch) => {
      const news = refs.filter(({ accountId, head }) => {
        const now = chain?.members.get(accountId)
        return !now || (now.identity !== head.identity && !isNobody(head.identity, now.identity))
      })
      if (news.length === 0) return null
      const again = news.some(({ accountId }) => (chain?.members.get(accountId)?.identity ?? null) !== null)
      const begins = again || chain?.history === 'joining' || chain?.due !== null
      return { op: 'add', members: news, epoch: begins ? epoch : null }
    })
    await keys.giveTo(
      room,
      refs.map(({ accountId }) => accountId),
    )
  }

  async remove(room: Room, accountIds: readonly AccountId[]): Promise<void> {
    const { writing } = this.#of
    await writing.change(room, (chain, epoch) => {
      const still = accountIds.filter((id) => chain?.members.has(id))
      const heads = writing.headsToName(room).filter(({ accountId }) => !still.includes(accountId))
      return still.length === 0 ? null : { op: 'remove', accountIds: still, epoch, heads }
    })
  }

  /** Who asks to be let in, with the keys that the request names. */
  async #whoAsks(room: Room, accountId: AccountId): Promise<MemberRef> {
    const { kit, lists, reading, writing } = this.#of
    const [ref] = await writing.refsOf([accountId])
    if (!ref) throw new ParleyError('not-found', 'Nobody asks to be let in.')
    const proof = heldJoinRequest(kit.store.connection, room.id, accountId)?.keyMaterial
    await reading.ensure(room)
    if (proof === undefined || !room.chain) return ref
    const join = checkJoinProof(kit.primitives, lists.known, room.chain, fromText(proof))
    return join.accountId === accountId && join.head.identity === ref.head.identity ? ref : join
  }
}

/** Who has no devices yet, and was named so before. */
const isNobody = (identity: Hash, now: Hash | null): boolean => now === null && identity === zeroHash
