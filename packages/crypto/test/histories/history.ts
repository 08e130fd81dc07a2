import assert from 'node:assert/strict'
import { AccountId, ClientMessageId, ConversationId } from '@parley/domain/ids'
import { readChainEntry, type HistoryPolicy } from '@parley/domain/sealed/chain-entry'
import { headOf } from '@parley/domain/sealed/device-list'
import { signEntry } from '../../src/chain-author.ts'
import {
  addDevice,
  beginList,
  certificateOf,
  type DeviceKeys,
  deviceKeys,
  revokeDevices,
} from '../../src/identity.ts'
import { newEpochKey } from '../../src/keyring.ts'
import type { SigningKey } from '../../src/primitives.ts'
import { checks } from './checks.ts'
import { changeOf, nth, type Step } from './deeds.ts'
import { Model } from './model.ts'
import { Program } from './program.ts'
import { Server, type Stored } from './server.ts'

const at = 1_800_000_000_000
const conversationId = ConversationId.parse('c00000000000000A')

interface Account {
  readonly id: AccountId
  key: SigningKey
  identity: string
  programs: Program[]
}

/** A conversation of a few accounts, and what happens in it. */
export class History {
  readonly server = new Server()
  /** What readers found: opened, withheld from who may not, and lost with the last device that had the key. */
  readonly tally = { opened: 0, withheld: 0, lost: 0, haunted: 0 }
  readonly #model = new Model()
  readonly #accounts: Account[] = []
  readonly #everyDevice: Program[] = []
  /** The epochs that each device could have been given while it was in force. */
  readonly #mayHave = new Map<Program, Set<number>>()
  /** Who is out, and the newest epoch when it went. */
  readonly #out = new Map<string, number>()
  /** Which devices were revoked, and how many messages there were then. */
  readonly #revoked = new Map<Program, number>()
  #modelled = 0
  #epochs = 0
  #sent = 0

  async begin(accounts: number, history: HistoryPolicy): Promise<void> {
    for (let number = 0; number < accounts; number += 1) {
      const id = AccountId.parse(`a${String(number).padStart(15, '0')}`)
      const account = { id, key: checks.signingKey(), identity: '', programs: [] }
      this.#accounts.push(account)
      this.#beginList(account)
    }
    for (const { programs } of this.#accounts) for (const program of programs) await program.sync()
    const [founder, second] = this.#accounts
    const device = founder?.programs[0]
    if (!founder || !second || !device) throw new RangeError('A history is of two accounts at least.')
    const made = newEpochKey(checks, conversationId, 0)
    device.keyring.hold(made)
    const head = this.#headOf(founder)
    const member = { accountId: second.id, head: this.#headOf(second), role: 'admin' as const }
    const change = {
      op: 'create',
      form: 'group',
      joinPolicy: 'open',
      history,
      epoch: made.commitment,
      members: [member],
    } as const
    const author = { primitives: checks, keys: device.keys, head, at }
    this.server.append(signEntry(author, conversationId, null, change))
    this.#follow(0)
    await device.sync()
    for (const { programs } of this.#accounts.slice(0, 2))
      for (const program of programs) await device.answer(program)
  }

  get #programs(): Program[] {
    return this.#accounts.flatMap(({ programs }) => programs)
  }

  #headOf({ id }: Account) {
    const stored = this.server.newestList(id)
    if (!stored) throw new RangeError('Every account has a list.')
    return headOf(stored.list)
  }

  #beginList(account: Account): void {
    const device = deviceKeys(checks, account.id, 'person')
    const step = beginList({ primitives: checks, accountKey: account.key, at }, device)
    this.server.appendToList(step.entry)
    account.identity = step.list.identity
    account.programs = []
    this.#program(account, device)
  }

  #program(account: Account, device: DeviceKeys): Program {
    const program = new Program(this.server, conversationId, device, account.identity)
    account.programs.push(program)
    this.#everyDevice.push(program)
    return program
  }

  /** Lets the model take what the server took, and holds what was sent against it, in the order in which it came. */
  #follow(messagesBefore: number): void {
    const messages = this.server.messages.slice(messagesBefore)
    for (const entry of this.server.entries.slice(this.#modelled)) {
      this.#mayBeSent(messages.filter(({ after }) => after === this.#modelled))
      this.#apply(entry)
      this.#modelled += 1
    }
    this.#mayBeSent(messages.filter(({ after }) => after === this.#modelled))
    for (const program of this.#programs) {
      const may = this.#mayHave.get(program) ?? new Set()
      this.#mayHave.set(program, may)
      for (let epoch = 0; epoch < this.#epochs; epoch += 1)
        if (this.#model.mayRead(program.accountId, program.identity, epoch)) may.add(epoch)
    }
  }

  #apply(entry: Uint8Array): void {
    const before = new Map(this.#model.members)
    const newestBefore = this.newest
    const read = readChainEntry(entry)
    if ('epoch' in read.change && read.change.epoch !== null) this.#epochs += 1
    this.#model.apply(read)
    for (const [id, identity] of this.#model.members) this.#out.delete(id + identity)
    for (const [id, identity] of before)
      if (this.#model.members.get(id) !== identity && !this.#out.has(id + identity))
        this.#out.set(id + identity, newestBefore)
  }

  #mayBeSent(messages: readonly Stored[]): void {
    for (const { epoch } of messages)
      for (const [who, last] of this.#out)
        assert.ok(epoch > last, `sent under epoch ${epoch} while ${who} is out since ${last}`)
  }

  async take({ who, deed, whom }: Step): Promise<void> {
    const program = nth(this.#programs, who)
    const account = this.#accounts.find(({ programs }) => programs.includes(program))
    if (!account) throw new RangeError('Every program is of an account.')
    const messagesBefore = this.server.messages.length
    if (deed === 'sync') await program.sync()
    else if (deed === 'send') await this.#send(program)
    else if (deed === 'add-device') await this.#addDevice(account)
    else if (deed === 'revoke-device') this.#revoke(account, program, whom)
    else if (deed === 'begin-again') await this.#beginAgain(account)
    else if (deed === 'join') await this.#join(program)
    else if (deed === 'epoch') await program.beginEpoch()
    else if (deed === 'race') await this.#race(program, nth(this.#programs, whom), whom)
    else if (deed === 'race-of-changes') await this.#raceOfChanges(program, nth(this.#programs, whom), whom)
    else if (deed === 'answer') await program.answer(nth(this.#programs, whom))
    else if (deed === 'race-of-answers') await this.#raceOfAnswers(nth(this.#programs, whom), who)
    else if (deed === 'ghost') await this.#haunt(whom)
    else await program.write((chain) => changeOf(program, deed, nth(this.#accounts, whom), whom, chain))
    this.#follow(messagesBefore)
  }

  async #send(program: Program): Promise<void> {
    this.#sent += 1
    await program.send(ClientMessageId.parse(`m${this.#sent}`), `m${this.#sent}`)
  }

  async #addDevice(account: Account): Promise<void> {
    const stored = this.server.newestList(account.id)
    if (!stored || account.programs.length >= 4) return
    const device = deviceKeys(checks, account.id, 'person')
    const signing = { primitives: checks, accountKey: account.key, at }
    this.server.appendToList(addDevice(signing, stored.list, certificateOf(device)).entry)
    await this.#program(account, device).sync()
  }

  #revoke(account: Account, by: Program, whom: number): void {
    const others = account.programs.filter((program) => program !== by)
    const stored = this.server.newestList(account.id)
    if (others.length === 0 || !stored) return
    const lost = nth(others, whom)
    const next = checks.signingKey()
    const signing = { primitives: checks, accountKey: account.key, at }
    this.server.appendToList(revokeDevices(signing, stored.list, [lost.keys.id], next).entry)
    account.key = next
    account.programs.splice(account.programs.indexOf(lost), 1)
    this.#revoked.set(lost, this.server.messages.length)
  }

  /** Everything is lost, the recovery code too. The old devices are somebody else's now. */
  async #beginAgain(account: Account): Promise<void> {
    account.key = checks.signingKey()
    this.#beginList(account)
    for (const program of account.programs) await program.sync()
  }

  async #join(program: Program): Promise<void> {
    await program.sync()
    await program.join(conversationId)
    const owed = this.server.chain?.due
    if (owed) await program.beginEpoch()
  }

  /** Two begin an epoch at the same moment: one is first, and the other does not mind. */
  async #race(one: Program, other: Program, number: number): Promise<void> {
    await one.sync()
    await other.sync()
    await Promise.all([one.beginEpoch(), number % 2 === 0 ? other.beginEpoch() : this.#send(other)])
  }

  /** Two change members by the same knowledge, while a third says something: who comes second asks anew whether it still may. */
  async #raceOfChanges(one: Program, other: Program, number: number): Promise<void> {
    const third = nth(this.#programs, number >> 3)
    for (const each of [one, other, third]) await each.sync()
    const change = (program: Program, which: number) => {
      const deed = nth(['add', 'remove', 'leave', 'policy', 'role'] as const, which)
      const target = nth(this.#accounts, number >> 1)
      return program.write((chain) => changeOf(program, deed, target, number, chain))
    }
    await Promise.all([change(one, number), this.#send(third), change(other, number >> 2)])
  }

  /** Several give the same keys at once, each by what it knew last. */
  async #raceOfAnswers(asking: Program, number: number): Promise<void> {
    const others = this.#programs.filter((each) => each !== asking)
    if (others.length === 0) return
    await Promise.all([0, 1, 2].map((more) => nth(others, number + more).answer(asking)))
    await asking.sync()
  }

  /** A device that was revoked, or is of an identity that was given up, goes on as if nothing had happened. */
  async #haunt(number: number): Promise<void> {
    const ghosts = this.#everyDevice.filter((each) => !this.#programs.includes(each))
    if (ghosts.length === 0) return
    const ghost = nth(ghosts, number)
    const before = [this.server.messages.length, this.server.entries.length]
    if (number % 2 === 0) await ghost.sync()
    this.#sent += 1
    await ghost.send(ClientMessageId.parse(`m${this.#sent}`), `m${this.#sent}`)
    await ghost.beginEpoch()
    await ghost.join(conversationId)
    assert.deepEqual([this.server.messages.length, this.server.entries.length], before, 'a ghost wrote')
    // What it gives is right, or is not taken; and nobody gives it anything more, nor does the server pass it on.
    for (const each of this.#programs) await ghost.answer(each)
    for (const each of this.#everyDevice) if (each !== ghost) await each.answer(ghost)
    this.tally.haunted += 1
  }

  /** Everybody comes online, and answers whoever lacks something. */
  async settle(): Promise<void> {
    for (const program of this.#programs) await program.sync()
    for (const one of this.#programs)
      for (const other of this.#programs) if (one !== other) await one.answer(other)
    for (const program of this.#programs) await program.sync()
  }

  /** Every reader opens exactly what it may, as far as anybody is left who has the key. */
  expectExactly(): void {
    const { chain, messages } = this.server
    if (!chain) throw new RangeError('The history has begun.')
    const inside = this.#programs.filter(
      ({ accountId, identity }) => this.#model.members.get(accountId) === identity,
    )
    for (const program of inside) {
      const opened = program.openAll(messages)
      for (const [index, message] of messages.entries()) {
        const may = this.#model.mayRead(program.accountId, program.identity, message.epoch)
        const held = inside.some((one) => one.keyring.of(chain, message.epoch) !== null)
        const wanted = may
          ? held
            ? { text: message.place.clientMessageId }
            : { cause: 'no-grant-yet' }
          : { cause: 'not-entitled' }
        assert.deepEqual(opened[index], wanted)
        this.tally[may ? (held ? 'opened' : 'lost') : 'withheld'] += 1
      }
    }
  }

  /** No device has a key that it could not have been given, whatever it was sent since it went. */
  async expectNothingMore(): Promise<void> {
    const { chain, messages } = this.server
    if (!chain) throw new RangeError('The history has begun.')
    for (const program of this.#everyDevice) {
      await program.sync()
      for (const { number } of chain.epochs)
        if (program.keyring.of(chain, number))
          assert.ok(this.#mayHave.get(program)?.has(number), `${program.keys.id}, epoch ${number}`)
      for (const { epoch } of messages.slice(this.#revoked.get(program) ?? Infinity))
        assert.equal(program.keyring.of(chain, epoch), null, `${program.keys.id}, revoked, epoch ${epoch}`)
    }
  }

  get newest(): number {
    return this.#epochs - 1
  }
}

export async function play(
  accounts: number,
  history: HistoryPolicy,
  steps: readonly Step[],
): Promise<History> {
  const played = new History()
  await played.begin(accounts, history)
  for (const step of steps) await played.take(step)
  await played.settle()
  played.expectExactly()
  await played.expectNothingMore()
  return played
}
