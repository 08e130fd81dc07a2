import { readChain, signEntry, signJoin } from '@parley/crypto/chain-author'
import { openGrant, recipientsOf, sealGrants } from '@parley/crypto/grants'
import { Hpke } from '@parley/crypto/hpke'
import {
  addDevice,
  beginList,
  certificateOf,
  type DeviceKeys,
  deviceKeys,
  revokeDevices,
} from '@parley/crypto/identity'
import { Keyring, newEpochKey } from '@parley/crypto/keyring'
import { openMessage, sealMessage } from '@parley/crypto/messages'
import { nodePrimitives } from '@parley/crypto/node-primitives'
import type { SigningKey } from '@parley/crypto/primitives'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Message } from '@parley/domain/messages'
import { fromText, type Hash, toText, zeroHash } from '@parley/domain/sealed/bytes'
import { type Chain, type Lists, newestEpoch } from '@parley/domain/sealed/chain'
import type { ChainChange, HistoryPolicy, MemberRef } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, extendDeviceList, headOf } from '@parley/domain/sealed/device-list'
import { newClientMessageId, type TestPerson } from '@parley/testkit/people'

export const primitives = nodePrimitives()
export const hpke = new Hpke(primitives)
const at = 1_800_000_000_000

/** A conversation as a program knows it. */
export interface Held {
  readonly id: ConversationId
  chain: Chain
  readonly keyring: Keyring
}

/** One device of somebody, which knows what it has read and nothing else. */
export class Program {
  readonly person: TestPerson
  readonly keys: DeviceKeys
  accountKey: SigningKey
  /** Of the list that this device began. */
  firstEntry = ''
  readonly #lists = new Map<Hash, DeviceList>()

  private constructor(person: TestPerson, keys: DeviceKeys, accountKey: SigningKey) {
    this.person = person
    this.keys = keys
    this.accountKey = accountKey
  }

  /** The first device of an account: it begins the list. */
  static async begin(person: TestPerson, { beginAgain = false } = {}): Promise<Program> {
    const keys = deviceKeys(primitives, person.account.id, 'person')
    const program = new Program(person, keys, primitives.signingKey())
    program.firstEntry = toText(beginList(program.#signing, keys).entry)
    await person.api.devices.append.mutate({ entries: [program.firstEntry], beginAgain })
    await person.api.devices.use.mutate({ deviceId: keys.id })
    return program
  }

  /** Another device of the same account, with a session of its own. */
  async takeIn(person: TestPerson): Promise<Program> {
    const keys = deviceKeys(primitives, this.id, 'person')
    const { entry } = addDevice(this.#signing, await this.listOf(this.id), certificateOf(keys))
    await this.person.api.devices.append.mutate({ entries: [toText(entry)] })
    await person.api.devices.use.mutate({ deviceId: keys.id })
    return new Program(person, keys, this.accountKey)
  }

  async revoke(device: DeviceKeys): Promise<void> {
    const next = primitives.signingKey()
    const { entry } = revokeDevices(this.#signing, await this.listOf(this.id), [device.id], next)
    await this.person.api.devices.append.mutate({ entries: [toText(entry)] })
    this.accountKey = next
  }

  get id(): AccountId {
    return this.person.account.id
  }

  get #signing() {
    return { primitives, accountKey: this.accountKey, at }
  }

  /** The newest list of an account, read and checked from its first entry on. */
  async listOf(accountId: AccountId, identity?: Hash): Promise<DeviceList> {
    const wanted = { accountId, ...(identity !== undefined && { identity }) }
    const { lists } = await this.person.api.devices.lists.query({ lists: [wanted] })
    let list: DeviceList | null = null
    for (const text of lists[0]?.entries ?? []) list = extendDeviceList(primitives, list, fromText(text))
    if (!list) throw new Error(`${accountId} has no list`)
    this.#lists.set(list.identity, list)
    return list
  }

  async refOf(accountId: AccountId): Promise<MemberRef> {
    return { accountId, head: headOf(await this.listOf(accountId)) }
  }

  readonly lists: Lists = (_accountId, identity) => this.#lists.get(identity) ?? null

  /** An entry that goes after what is held, signed by this device. */
  async sign(id: ConversationId, after: Chain | null, change: ChainChange): Promise<string> {
    const { head } = await this.refOf(this.id)
    return toText(signEntry({ primitives, keys: this.keys, head, at }, id, after, change))
  }

  /** What somebody signs who is not in yet. */
  async signJoin(id: ConversationId): Promise<string> {
    const after = await this.person.api.sealed.head.query({ conversationId: id })
    if (!after) throw new Error('There is no chain')
    const { head } = await this.refOf(this.id)
    return toText(signJoin({ primitives, keys: this.keys, head, at }, id, after, null))
  }

  /** Makes a conversation sealed: its chain, its first key, and the key to every device. */
  async seal(
    id: ConversationId,
    options: {
      form?: 'direct' | 'group'
      joinPolicy?: Chain['joinPolicy']
      history?: HistoryPolicy
      grant?: boolean
    } = {},
  ): Promise<Held> {
    const { form = 'group', joinPolicy = 'closed', history = 'everything', grant = true } = options
    const { members } = await this.person.api.conversations.members.query({
      conversationId: id,
      limit: 1_000,
    })
    const others = members.filter(({ accountId }) => accountId !== this.id)
    const refs = await Promise.all(
      others.map(async ({ accountId, role }) => ({ ...(await this.refOf(accountId)), role })),
    )
    const key = newEpochKey(primitives, id, 0)
    const change = { op: 'create', form, joinPolicy, history, epoch: key.commitment, members: refs } as const
    await this.person.api.sealed.append.mutate({
      conversationId: id,
      entries: [await this.sign(id, null, change)],
    })
    const held = await this.read(id)
    held.keyring.hold(key)
    if (grant) await this.grant(held, 0)
    return held
  }

  /** Reads a chain from its first entry on, and takes what was granted. */
  async read(id: ConversationId, keyring = new Keyring(primitives, id)): Promise<Held> {
    const { api } = this.person
    const { entries } = await api.sealed.chain.query({ conversationId: id })
    const { members } = await api.conversations.members.query({ conversationId: id, limit: 1_000 })
    for (const { accountId } of members) await this.listOf(accountId).catch(() => null)
    const bytes = entries.map(({ entry }) => fromText(entry))
    const { chain } = readChain(primitives, this.lists, bytes)
    const { grants } = await api.sealed.grants.query({ conversationId: id })
    for (const { grant } of grants) {
      const given = openGrant(hpke, { chain, lists: this.lists, keyring }, this.keys, fromText(grant))
      // What cannot be taken is passed over: another one may be good.
      for (const key of await given.catch(() => [])) keyring.hold(key)
    }
    return { id, chain, keyring }
  }

  /** Gives an epoch's key to every device that may have it. */
  async grant({ id, chain, keyring }: Held, epoch: number): Promise<void> {
    const { recipients } = recipientsOf(chain, this.lists, epoch)
    const granting = { hpke, chain, keyring, keys: this.keys, at }
    const grants = await sealGrants(granting, recipients, { first: epoch, last: epoch })
    await this.person.api.sealed.grant.mutate({ conversationId: id, grants: grants.map(toText) })
  }

  /** Seals some key of its own making to another's device, as if it were that of epoch 0. */
  async giveAnything({ id, chain }: Held, other: Program): Promise<void> {
    const key = newEpochKey(primitives, id, 0)
    const [first] = chain.epochs
    if (!first) throw new Error('A chain has an epoch')
    const granting = {
      hpke,
      chain: { ...chain, epochs: [{ ...first, commitment: key.commitment }] },
      keyring: new Keyring(primitives, id, [key]),
      keys: this.keys,
      at,
    }
    const to = { accountId: other.id, deviceId: other.keys.id, sealing: other.keys.sealing.publicKey }
    const grants = await sealGrants(granting, [to], { first: 0, last: 0 })
    await this.person.api.sealed.grant.mutate({ conversationId: id, grants: grants.map(toText) })
  }

  /** Appends a change that begins an epoch where one is due, and grants its key. */
  async append(held: Held, change: (commitment: Hash) => ChainChange): Promise<void> {
    const number = newestEpoch(held.chain).number + 1
    const key = newEpochKey(primitives, held.id, number)
    const entry = await this.sign(held.id, held.chain, change(key.commitment))
    await this.person.api.sealed.append.mutate({ conversationId: held.id, entries: [entry] })
    held.chain = (await this.read(held.id, held.keyring)).chain
    if (newestEpoch(held.chain).number < number) return
    held.keyring.hold(key)
    await this.grant(held, number)
  }

  sealText({ id, chain, keyring }: Held, text: string, clientMessageId = newClientMessageId(), revision = 0) {
    const place = { conversationId: id, authorId: this.id, clientMessageId }
    const sealed = sealMessage({ primitives, chain, keyring, keys: this.keys }, place, { text }, revision)
    return { conversationId: id, clientMessageId, content: { kind: 'sealed' as const, sealed } }
  }

  send(held: Held, text: string) {
    return this.person.api.messages.send.mutate(this.sealText(held, text))
  }

  /** What a message says. @throws SealedError where it cannot be opened */
  open({ id, chain, keyring }: Held, message: Message): string {
    if (message.content.kind !== 'sealed') throw new Error('This message is not sealed')
    const place = { conversationId: id, authorId: message.authorId, clientMessageId: message.clientMessageId }
    const identity = chain.members.get(this.id)?.identity ?? zeroHash
    const reader = { accountId: this.id, identity }
    const reading = { primitives, chain, lists: this.lists, keyring, reader }
    return openMessage(reading, { place, sealed: message.content.sealed }).body.text
  }

  async texts(held: Held): Promise<string[]> {
    const { messages } = await this.person.api.messages.page.query({ conversationId: held.id })
    return messages.map((message) => this.open(held, message))
  }
}
