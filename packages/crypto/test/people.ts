import { AccountId, ClientMessageId, ConversationId } from '@parley/domain/ids'
import { type Chain, type Lists, newestEpoch } from '@parley/domain/sealed/chain'
import type { ChainChange, HistoryPolicy, MemberRef } from '@parley/domain/sealed/chain-entry'
import { type DeviceList, headOf } from '@parley/domain/sealed/device-list'
import type { JoinPolicy } from '@parley/domain/conversations'
import type { MessagePlace } from '@parley/domain/sealed/message-form'
import { readChain, signEntry } from '../src/chain-author.ts'
import { openGrant, recipientsOf, sealGrants } from '../src/grants.ts'
import { Hpke } from '../src/hpke.ts'
import {
  addDevice,
  beginList,
  certificateOf,
  type DeviceKeys,
  deviceKeys,
  revokeDevices,
} from '../src/identity.ts'
import { Keyring, newEpochKey } from '../src/keyring.ts'
import type { Reading } from '../src/messages.ts'
import { nodePrimitives } from '../src/node-primitives.ts'
import type { SigningKey } from '../src/primitives.ts'

export const primitives = nodePrimitives()
export const hpke = new Hpke(primitives)

/** The time of every stage, in milliseconds since 1970. */
export const noon = 1_800_000_000_000

const numbered = (letter: string, number: number) => letter + String(number).padStart(15, '0')
export const accountId = (number: number) => AccountId.parse(numbered('a', number))
export const conversationId = (number: number) => ConversationId.parse(numbered('c', number))
export const clientMessageId = (number: number) => ClientMessageId.parse(`m${number}`)

/** Somebody with devices, and every entry of the list that says so. */
export class Person {
  readonly id: AccountId
  accountKey: SigningKey = primitives.signingKey()
  list: DeviceList
  readonly entries: Uint8Array[] = []
  readonly devices: DeviceKeys[] = []

  constructor(number: number) {
    this.id = accountId(number)
    const device = deviceKeys(primitives, this.id, 'person')
    const step = beginList(this.#signing, device)
    this.devices.push(device)
    this.entries.push(step.entry)
    this.list = step.list
  }

  get #signing() {
    return { primitives, accountKey: this.accountKey, at: noon }
  }

  get head() {
    return headOf(this.list)
  }

  get ref(): MemberRef {
    return { accountId: this.id, head: this.head }
  }

  get device(): DeviceKeys {
    const [first] = this.devices
    if (!first) throw new RangeError('Everybody has a device.')
    return first
  }

  add(): DeviceKeys {
    const device = deviceKeys(primitives, this.id, 'person')
    const step = addDevice(this.#signing, this.list, certificateOf(device))
    this.devices.push(device)
    this.entries.push(step.entry)
    this.list = step.list
    return device
  }

  revoke(device: DeviceKeys): void {
    const next = primitives.signingKey()
    const step = revokeDevices(this.#signing, this.list, [device.id], next)
    this.accountKey = next
    this.devices.splice(this.devices.indexOf(device), 1)
    this.entries.push(step.entry)
    this.list = step.list
  }

  author(keys = this.device) {
    return { primitives, keys, head: this.head, at: noon }
  }
}

export const listsOf =
  (...people: readonly Person[]): Lists =>
  (id, identity) =>
    people.find((person) => person.id === id && person.list.identity === identity)?.list ?? null

/** A conversation with everything that its server would hold. */
export class Stage {
  readonly conversationId = conversationId(1)
  readonly people: Person[]
  readonly entries: Uint8Array[] = []
  readonly keys = new Keyring(primitives, this.conversationId)
  chain: Chain

  constructor(
    people: readonly Person[],
    policy: { form?: 'direct' | 'group'; joinPolicy?: JoinPolicy; history?: HistoryPolicy } = {},
  ) {
    this.people = [...people]
    const [founder, ...others] = people
    if (!founder) throw new RangeError('Somebody begins.')
    const { form = 'group', joinPolicy = 'closed', history = 'everything' } = policy
    const members = others.map(({ ref }) => ({ ...ref, role: 'member' as const }))
    const change = { op: 'create', form, joinPolicy, history, epoch: this.newEpoch(0), members } as const
    const entry = signEntry(founder.author(), this.conversationId, null, change)
    this.entries.push(entry)
    this.chain = readChain(primitives, this.lists, [entry]).chain
  }

  get lists(): Lists {
    return listsOf(...this.people)
  }

  /** Makes and keeps a key; what goes into the chain of it. */
  newEpoch(number = newestEpoch(this.chain).number + 1): string {
    const key = newEpochKey(primitives, this.conversationId, number)
    this.keys.hold(key)
    return key.commitment
  }

  sign(person: Person, change: ChainChange, keys = person.device): Uint8Array {
    return signEntry(person.author(keys), this.conversationId, this.chain, change)
  }

  /** Takes an entry as the server does. @throws SealedError */
  take(entry: Uint8Array): void {
    this.chain = readChain(primitives, this.lists, [entry], this.chain).chain
    this.entries.push(entry)
  }

  write(person: Person, change: ChainChange, keys = person.device): void {
    this.take(this.sign(person, change, keys))
  }

  place(author: Person, number: number): MessagePlace {
    return {
      conversationId: this.conversationId,
      authorId: author.id,
      clientMessageId: clientMessageId(number),
    }
  }

  reading(person: Person, keyring = this.keys): Reading {
    const reader = { accountId: person.id, identity: person.list.identity }
    return { primitives, chain: this.chain, lists: this.lists, keyring, reader }
  }

  writing(keys: DeviceKeys, keyring = this.keys) {
    return { primitives, chain: this.chain, keyring, keys }
  }

  granting(person: Person, keyring = this.keys) {
    return { hpke, chain: this.chain, keyring, keys: person.device, at: noon }
  }

  /** Grants one epoch to everybody who may have it. */
  async grant(person: Person, epoch = newestEpoch(this.chain).number): Promise<Uint8Array[]> {
    const { recipients } = recipientsOf(this.chain, this.lists, epoch)
    return sealGrants(this.granting(person), recipients, { first: epoch, last: epoch })
  }

  async open(keys: DeviceKeys, keyring: Keyring, grant: Uint8Array): Promise<void> {
    await openGrant(hpke, { chain: this.chain, lists: this.lists, keyring }, keys, grant)
  }

  keyring(): Keyring {
    return new Keyring(primitives, this.conversationId)
  }
}
