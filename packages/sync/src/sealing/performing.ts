import { checkJoinProof } from '@parley/crypto/join-proof'
import { safetyNumber } from '@parley/crypto/safety-number'
import { type ErrorKind, ParleyError } from '@parley/client/parley-error'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { fromText, type Hash, zeroHash } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Chain } from '@parley/domain/sealed/chain'
import type { MemberRef } from '@parley/domain/sealed/chain-entry'
import type { Call, Done } from '../outbox/calls.ts'
import type { ServerPort } from '../ports.ts'
import { isSealed } from '../store/conversations.ts'
import { heldJoinRequest } from '../store/requests.ts'
import { knownIdentity } from '../store/sealed.ts'
import { Joining } from './joining.ts'
import { refusalOf } from './kit.ts'
import { Making } from './making.ts'
import type { Room } from './rooms.ts'
import type { Saying } from './saying.ts'
import type { Writing, WritingSurroundings } from './writing.ts'

type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>

const done: Done = { kind: 'done' }
/** What a server says to plain content, and to members who come and go by its word alone, where there is a chain. */
const turnedSigns: ReadonlySet<ErrorKind> = new Set<ErrorKind>(['content-mismatch', 'chain-needed'])

export interface PerformingSurroundings extends WritingSurroundings {
  readonly server: ServerPort
  readonly writing: Writing
  readonly saying: Saying
}

/** Does what a person wants in sealed conversations, where that is done by signed entries and sealed content. */
export class Performing {
  readonly #of: PerformingSurroundings
  readonly #joining: Joining
  readonly making: Making

  constructor(surroundings: PerformingSurroundings) {
    this.#of = surroundings
    this.#joining = new Joining(surroundings)
    this.making = new Making(surroundings)
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
        return call.sealed ? this.making.make(call) : server.perform(call)
      case 'accept-invitation':
        return call.sealed ? this.making.accept(call) : server.perform(call)
      case 'turn-sealed':
        return this.making.turn(call)
      case 'join':
        return this.#joining.join(call)
      case 'ask-to-join':
        return this.#joining.ask(call)
      default:
        return 'conversationId' in call && this.#isSealed(call.conversationId)
          ? this.#inSealed(call)
          : this.#inPlain(call)
    }
  }

  /** Somebody may turn a conversation sealed while something is on its way into it. */
  async #inPlain(call: Call): Promise<Done> {
    try {
      return await this.#of.server.perform(call)
    } catch (error) {
      const isTurned = error instanceof ParleyError && turnedSigns.has(error.kind)
      if (!isTurned || !('conversationId' in call)) throw error
      return this.#inSealed(call)
    }
  }

  #isSealed(id: ConversationId): boolean {
    return isSealed(this.#of.kit.store.connection, id)
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
    const { rooms, reading, server, writing } = this.#of
    const room = rooms.get(call.conversationId)
    if (call.kind === 'leave') await reading.ensure(room)
    // One of programs of another kind has none, and can be left.
    if (call.kind === 'leave' && !room.chain) return server.perform(call)
    await writing.chainOf(room)
    switch (call.kind) {
      case 'add-members':
        await this.add(room, this.#asSeen(await writing.refsOf(call.accountIds), call.digits))
        return done
      case 'approve-join':
        await this.add(room, this.#asSeen([await this.#whoAsks(room, call.accountId)], undefined))
        return done
      case 'remove-member':
        await writing.remove(room, [call.accountId])
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
          { password },
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

  /**
   * Nobody is let in with keys that the server came up with since: those are meant of which somebody saw the safety number, and
   * of who was compared those that were compared. @throws SealedError `identity-changed`
   */
  #asSeen(refs: readonly MemberRef[], digits: string | undefined): readonly MemberRef[] {
    const { kit, own } = this.#of
    const me = { accountId: own.keys.accountId, identity: own.list.identity }
    for (const { accountId, head } of refs) {
      const { identity } = head
      const compared = knownIdentity(kit.store.connection, accountId)?.verified ?? null
      const isSeen =
        digits === undefined
          ? compared === null || compared === identity
          : safetyNumber(kit.primitives, me, { accountId, identity }) === digits
      if (!isSeen)
        throw new SealedError('identity-changed', 'Compare the safety number again: the keys are other ones.')
    }
    return refs
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

  /** Who asks to be let in, with the keys that the request names. */
  async #whoAsks(room: Room, accountId: AccountId): Promise<MemberRef> {
    const { kit, lists, reading, writing } = this.#of
    const [ref] = await writing.refsOf([accountId])
    if (!ref) throw new ParleyError('not-found', 'Nobody asks to be let in.')
    const proof = heldJoinRequest(kit.store.connection, room.id, accountId)?.keyMaterial
    await reading.ensure(room)
    if (proof === undefined || !room.chain) return ref
    const join = checkJoinProof(kit.primitives, lists.known, room.chain, fromText(proof))
    if (join.accountId !== accountId)
      throw new SealedError('tampered', 'The server shows what somebody else has asked with.')
    return join.head.identity === ref.head.identity ? ref : join
  }
}

/** Who has no devices yet, and was named so before. */
const isNobody = (identity: Hash, now: Hash | null): boolean => now === null && identity === zeroHash
