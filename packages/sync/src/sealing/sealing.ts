import { inviteFragment, newInvite } from '@parley/crypto/chain-author'
import { safetyNumber } from '@parley/crypto/safety-number'
import { ParleyError } from '@parley/client/parley-error'
import type { AccountId, ConversationId, DeviceId } from '@parley/domain/ids'
import { inviteLinkKeptMs } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { SealedError } from '@parley/domain/sealed/causes'
import type { ConversationKey } from '../actions.ts'
import { isLocal } from '../outbox/order.ts'
import { knownIdentity, putKnownIdentity, storedNotices } from '../store/sealed.ts'
import type { ServerPort } from '../ports.ts'
import type {
  ConversationView,
  EncryptionView,
  MembersView,
  PersonView,
  SafetyNumberView,
  SealedNotice,
} from '../views.ts'
import { aroundServer } from './around.ts'
import { Intake } from './intake.ts'
import { Keys } from './keys.ts'
import { type Kit, kitOf } from './kit.ts'
import { DeviceLists, type ListNews } from './lists.ts'
import { Linking } from './linking.ts'
import { Opening } from './opening.ts'
import { OwnDevice } from './own.ts'
import { Performing } from './performing.ts'
import { Reading } from './reading.ts'
import { Recovery } from './recovery.ts'
import { Rooms } from './rooms.ts'
import { Saying } from './saying.ts'
import { Tending } from './tending.ts'
import { Writing } from './writing.ts'

export interface SealingSurroundings extends Omit<Kit, 'primitives' | 'hpke' | 'port'> {
  readonly server: ServerPort
}

/** Everything that the engine does with keys. It stands between the engine and the server. */
export class Sealing {
  readonly server: ServerPort
  readonly #surroundings: SealingSurroundings
  readonly #parts: Parts | null
  #arriving: Promise<void> = Promise.resolve()
  #closed = false

  constructor(surroundings: SealingSurroundings) {
    this.#surroundings = surroundings
    const { server } = surroundings
    this.#parts = server.sealed ? partsOf(surroundings, server.sealed) : null
    this.server = this.#parts ? aroundServer(server, this.#parts) : server
  }

  get #here(): Parts {
    if (!this.#parts) throw new Refusal('device-unknown', 'This server knows of no devices.')
    return this.#parts
  }

  /** Everything up to now has come. */
  live(): void {
    const parts = this.#parts
    if (!parts) return
    this.#arriving = parts.intake.arrive().catch((error: unknown) => {
      // The next connection tries again.
      const isToldOf = error instanceof ParleyError || error instanceof SealedError
      if (!isToldOf && !this.#closed) this.#surroundings.onDefect(error)
    })
  }

  shut(): void {
    this.#parts?.tending.shut()
  }

  /** The server's end is closed by now: what is asked of it is refused. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#arriving
    this.#parts?.writing.close()
    this.#parts?.keys.close()
    this.#parts?.recovery.close()
    await this.#parts?.tending.close()
  }

  encryption(): EncryptionView {
    return this.#parts?.own.view() ?? { kind: 'unknown' }
  }

  devices() {
    return this.#parts?.own.devices() ?? []
  }

  safetyNumber(accountId: AccountId): SafetyNumberView | null {
    const { store } = this.#surroundings
    const known = knownIdentity(store.connection, accountId)
    const mine = store.me && knownIdentity(store.connection, store.me.id)
    if (!known || !mine || !store.me || !this.#parts) return null
    const me = { accountId: store.me.id, identity: mine.current }
    const digits = safetyNumber(this.#parts.kit.primitives, me, { accountId, identity: known.current })
    return { digits, verified: known.verified === known.current }
  }

  /** Of the keys by which the number was made that somebody saw: the server may show other ones by now. */
  setVerified(accountId: AccountId, digits: string | null): void {
    const { store } = this.#surroundings
    const known = knownIdentity(store.connection, accountId)
    if (!known) throw new Refusal('not-found', 'No keys of this person are known yet.')
    if (digits !== null && this.safetyNumber(accountId)?.digits !== digits)
      throw new Refusal('invalid-input', 'digits: there is another number by now', { field: 'digits' })
    const verified = digits === null ? null : known.current
    store.write((touch) => {
      putKnownIdentity(store.connection, accountId, { ...known, verified })
      touch('encryption')
    })
    const { rooms, tending } = this.#here
    for (const room of rooms.with(accountId)) tending.look(room)
  }

  /** Who is in by the chain: nobody is put in beside it by the server, and nobody is in who is not shown. */
  membersByChain(
    id: ConversationKey,
    view: MembersView,
    personOf: (id: AccountId) => PersonView | null,
  ): MembersView {
    const rooms = this.#parts?.rooms
    if (isLocal(id) || !rooms?.isHeld(id)) return view
    const { chain } = rooms.get(id)
    if (!chain) return view
    const members = view.members.flatMap((member) => {
      const role = chain.members.get(member.accountId)?.role
      if (role === undefined) return member.joinedAt === null ? [member] : []
      return [member.pending.length > 0 ? member : { ...member, role }]
    })
    const { operations } = this.#surroundings.store
    const leaving = operations
      .in(id)
      .flatMap(({ action, state }) =>
        action.kind === 'remove-member' && state !== 'refused' ? [action.accountId] : [],
      )
    const shown = new Set([...leaving, ...members.map(({ accountId }) => accountId)])
    const unnamed = [...chain.members.values()].filter(({ accountId }) => !shown.has(accountId))
    const added = unnamed.map(({ accountId, role, writesFrom }) => {
      const joinedAt = chain.epochs[writesFrom]?.at ?? 0
      return { accountId, role, joinedAt, person: personOf(accountId), pending: [] }
    })
    return { ...view, members: [...members, ...added] }
  }

  /** How many are in by the chain, where that was read already. */
  countedByChain(view: ConversationView): ConversationView {
    const { id } = view
    const chain = isLocal(id) ? null : (this.#parts?.rooms.opened(id)?.chain ?? null)
    return chain ? { ...view, memberCount: chain.members.size } : view
  }

  sealedNotices(id: ConversationId): readonly SealedNotice[] {
    return storedNotices(this.#surroundings.store.connection, id)
  }

  beginLink() {
    return asRefusal(() => this.#here.linking.beginLink())
  }

  async enterLinkCode(code: string): Promise<void> {
    await this.#here.linking.enter(code)
  }

  async makeRecoveryCode(): Promise<string> {
    return this.#here.recovery.make()
  }

  confirmRecoveryCode(code: string): Promise<boolean> {
    return Promise.resolve(this.#here.recovery.confirm(code))
  }

  async recoverWith(code: string): Promise<void> {
    const { recovery, intake } = this.#here
    await recovery.recover(code)
    intake.lookAtAll()
  }

  async beginAgain(): Promise<void> {
    const { own, intake } = this.#here
    await own.begin(true)
    await own.settle()
    intake.lookAtAll()
  }

  async revokeDevice(id: DeviceId): Promise<void> {
    const { linking, intake } = this.#here
    await linking.revoke(id)
    intake.lookAtAll()
  }

  async inviteLink(id: ConversationId): Promise<string> {
    const { rooms, reading, writing, kit } = this.#here
    const room = rooms.get(id)
    await reading.ensure(room)
    if (!room.chain) throw new Refusal('chain-needed', 'This conversation has no chain.')
    const invite = newInvite(kit.primitives, room.chain)
    const until = kit.clock.now() + inviteLinkKeptMs
    await writing.change(room, () => ({ op: 'invite', invite: invite.key.publicKey, until }))
    return `parley://join/${id}#${inviteFragment(invite)}`
  }
}

/** What stands behind `Sealing`. */
export interface Parts {
  readonly kit: Kit
  readonly lists: DeviceLists
  readonly rooms: Rooms
  readonly own: OwnDevice
  readonly reading: Reading
  readonly keys: Keys
  readonly writing: Writing
  readonly opening: Opening
  readonly performing: Performing
  readonly tending: Tending
  readonly linking: Linking
  readonly recovery: Recovery
  readonly intake: Intake
}

function partsOf(surroundings: SealingSurroundings, port: NonNullable<ServerPort['sealed']>): Parts {
  const { server, ...rest } = surroundings
  const kit = kitOf({ ...rest, port })
  const lists: DeviceLists = new DeviceLists(kit, (news: ListNews) => intake.heard(news))
  const rooms = new Rooms(kit, lists, () => recovery.touch())
  const own = new OwnDevice(kit, lists)
  const reading = new Reading(kit, lists, rooms)
  const keys = new Keys({ kit, lists, rooms, own })
  const common = { kit, lists, rooms, own, reading, keys }
  const writing = new Writing(common)
  const opening = new Opening(common)
  const saying = new Saying({ ...common, server, writing, opening })
  const performing = new Performing({ ...common, server, writing, saying })
  const onKeys = () => recovery.touch()
  const tending = new Tending({ ...common, writing, opening, onKeys })
  const linking = new Linking({ kit, lists, own, onKeys: () => intake.lookAtAll() })
  const recovery: Recovery = new Recovery({
    kit,
    lists,
    rooms,
    own,
    linking,
    onKeys: () => intake.lookAtAll(),
  })
  const intake: Intake = new Intake({ ...common, tending, opening, performing, linking, recovery, writing })
  return { ...common, writing, opening, performing, tending, linking, recovery, intake }
}

function asRefusal<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof ParleyError && error.kind === 'device-unknown')
      throw new Refusal('device-unknown', error.message)
    throw error
  }
}
