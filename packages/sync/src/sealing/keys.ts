import {
  grantableSpans,
  openGrant,
  type Recipient,
  recipientsOf,
  sealGrants,
  turnOf,
} from '@parley/crypto/grants'
import type { EpochKey } from '@parley/crypto/keyring'
import type { AccountId, DeviceId } from '@parley/domain/ids'
import { epochsPerGrantMax, keyAnswerTurnMs, keyRequestKeptMs } from '@parley/domain/limits'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import { type Chain, mayBeGranted } from '@parley/domain/sealed/chain'
import { devicesOf } from '@parley/domain/sealed/device-list'
import { readGrant } from '@parley/domain/sealed/grant-form'
import type { KeyRequest } from '@parley/domain/sealed/wire'
import { callsOf, fillACall } from './grant-calls.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import type { OwnDevice } from './own.ts'
import type { Room, Rooms } from './rooms.ts'

/** Recipients whose grants are sealed in a step, at some 0.2 ms each. */
const recipientsPerStep = 20
/** A request that nobody answered is made anew after this. */
const askAgainMs = keyRequestKeptMs / 4

export interface KeysSurroundings {
  readonly kit: Kit
  readonly lists: DeviceLists
  readonly rooms: Rooms
  readonly own: OwnDevice
}

/** Gives keys, takes them, asks for them, and answers who asks. */
export class Keys {
  readonly #of: KeysSurroundings
  readonly #turns = new Map<string, Disposable>()
  /** Devices that are to be answered now, all of a conversation together. */
  readonly #due = new Map<Room, Set<DeviceId>>()
  readonly #answering = new Set<Room>()

  constructor(surroundings: KeysSurroundings) {
    this.#of = surroundings
  }

  close(): void {
    for (const turn of this.#turns.values()) turn[Symbol.dispose]()
    this.#turns.clear()
  }

  // Taking

  /** Takes what was granted to this device. @returns whether a key came */
  async take(room: Room, grants: readonly string[]): Promise<boolean> {
    const { kit, lists, rooms, own } = this.#of
    const { chain, keyring } = room
    if (!chain) return false
    let came = false
    for (const text of grants) {
      const bytes = fromText(text)
      if (this.#holdsAll(room, bytes)) continue
      const keys = await this.#opened(() =>
        openGrant(kit.hpke, { chain, lists: lists.known, keyring }, own.keys, bytes),
      )
      for (const { number, key } of keys) rooms.holdGranted(room, { number, key })
      came ||= keys.length > 0
    }
    return came
  }

  /** One that cannot be opened is passed over: a good one is asked for. */
  async #opened(open: () => Promise<EpochKey[]>): Promise<EpochKey[]> {
    try {
      return await open()
    } catch (error) {
      if (error instanceof SealedError) return []
      throw error
    }
  }

  #holdsAll({ chain, keyring }: Room, bytes: Uint8Array): boolean {
    if (!chain) return false
    try {
      const { firstEpoch, lastEpoch } = readGrant(bytes)
      for (let epoch = firstEpoch; epoch <= lastEpoch; epoch += 1) if (!keyring.of(chain, epoch)) return false
      return true
    } catch (error) {
      if (error instanceof SealedError) return true
      throw error
    }
  }

  /** Reads what the server keeps for this device. @throws ParleyError */
  async fetch(room: Room): Promise<boolean> {
    const { port } = this.#of.kit
    let came = false
    for (let after: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof port.grants>> = await port.grants(room.id, after)
      came =
        (await this.take(
          room,
          page.grants.map(({ grant }) => grant),
        )) || came
      if (page.next === null) return came
      after = page.next
    }
  }

  /** The epochs whose keys this device may have and has not. */
  missing({ chain, keyring }: Room): number[] {
    const { lists, own } = this.#of
    if (!chain || !own.isReady) return []
    const { id, accountId } = own.keys
    const { identity } = own.list
    const list = lists.known(accountId, identity)
    if (!list) return []
    return chain.epochs
      .map(({ number }) => number)
      .filter((number) => !keyring.of(chain, number) && mayBeGranted(chain, list, id, number))
  }

  /** Asks for keys, once for a span. @throws ParleyError */
  async ask(room: Room): Promise<void> {
    const { kit, rooms } = this.#of
    const missing = this.missing(room)
    const last = missing.at(-1)
    if (last === undefined) return
    const first = missing.find((epoch) => last - epoch < epochsPerGrantMax) ?? last
    const { asked } = room.facts
    const now = kit.clock.now()
    if (asked?.first === first && asked.last === last && now - asked.at < askAgainMs) return
    await kit.port.requestKeys(room.id, first, last)
    rooms.note(room, { asked: { first, last, at: now } })
  }

  // Giving

  /** The grants of one epoch to every device that may have it, this one apart. */
  async sealed(room: Room, chain: Chain, epoch: number): Promise<string[]> {
    const { kit, lists, own } = this.#of
    const { recipients } = recipientsOf(chain, lists.known, epoch)
    // Those first who can use it at once, and can answer others.
    const isHere = ({ accountId }: Recipient) => accountId === own.keys.accountId || kit.isOnline(accountId)
    const here = recipients.filter(isHere)
    const away = recipients.filter((each) => !isHere(each))
    return this.#seal(room, chain, [...here, ...away], { first: epoch, last: epoch })
  }

  async #seal(
    { keyring }: Room,
    chain: Chain,
    recipients: readonly Recipient[],
    span: { readonly first: number; readonly last: number },
  ): Promise<string[]> {
    const { kit, own } = this.#of
    const { keys } = own
    const others = recipients.filter(({ deviceId }) => deviceId !== keys.id)
    const granting = { hpke: kit.hpke, chain, keyring, keys, at: kit.clock.now() }
    const grants: string[] = []
    for (let at = 0; at < others.length; at += recipientsPerStep) {
      grants.push(...(await sealGrants(granting, others.slice(at, at + recipientsPerStep), span)).map(toText))
      await kit.breathe()
    }
    return grants
  }

  /** In calls of bounded size. @throws ParleyError */
  async give(room: Room, grants: readonly string[]): Promise<void> {
    for (const part of callsOf(grants)) await this.#of.kit.port.grant(room.id, part)
  }

  /** Gives what is held of accounts' epochs to all of their devices. @throws ParleyError */
  async giveTo(room: Room, accountIds: readonly AccountId[]): Promise<void> {
    const { lists } = this.#of
    const { chain } = room
    const all = { firstEpoch: 0, lastEpoch: (chain?.epochs.length ?? 1) - 1 }
    const wanted = accountIds.flatMap((accountId) => {
      const identity = chain?.members.get(accountId)?.identity
      const list = identity ? lists.known(accountId, identity) : null
      return list ? devicesOf(list).map(({ id }) => ({ accountId, deviceId: id, ...all })) : []
    })
    await this.#giveAll(room, wanted)
  }

  /** What is held of what is wanted. @throws ParleyError */
  async #giveAll(room: Room, wanted: readonly Wanted[]): Promise<void> {
    let grants: string[] = []
    for (const one of wanted) {
      grants.push(...(await this.#sealedTo(room, one)))
      // What is ready is given while the rest is sealed, so that little is lost by whoever ends in between.
      if (!fillACall(grants)) continue
      await this.give(room, grants)
      grants = []
    }
    await this.give(room, grants)
  }

  async #sealedTo(room: Room, { accountId, deviceId, firstEpoch, lastEpoch }: Wanted): Promise<string[]> {
    const { lists } = this.#of
    const { chain, keyring } = room
    const identity = chain?.members.get(accountId)?.identity
    const device = identity ? lists.known(accountId, identity)?.devices.get(deviceId) : undefined
    if (!chain || !device) return []
    const to = { accountId, deviceId, sealing: device.sealing }
    const grants: string[] = []
    for (const whole of grantableSpans(chain, lists.known, keyring, to, {
      first: firstEpoch,
      last: lastEpoch,
    })) {
      for (let first = whole.first; first <= whole.last; first += epochsPerGrantMax) {
        const last = Math.min(whole.last, first + epochsPerGrantMax - 1)
        grants.push(...(await this.#seal(room, chain, [to], { first, last })))
      }
    }
    return grants
  }

  /** Answers a request in its turn, unless somebody else did by then. */
  answer(room: Room, request: KeyRequest): void {
    const { kit, own } = this.#of
    if (!own.isReady || request.deviceId === own.keys.id || !room.chain) return
    const name = `${room.id} ${request.deviceId}`
    this.#turns.get(name)?.[Symbol.dispose]()
    const turnMs = waitForTurnMs(this.#turnFor(room.chain, request))
    const wait = Math.max(0, request.askedAt + turnMs - kit.clock.now())
    this.#turns.set(
      name,
      kit.clock.after(Math.min(wait, turnMs), () => {
        this.#turns.delete(name)
        this.#answerNow(room, request.deviceId).catch((error: unknown) => this.#failed(error))
      }),
    )
  }

  /** The first account to answer does so at once where the asking one has no other device that could. */
  #turnFor(chain: Chain, request: KeyRequest): number {
    const { kit, lists, own } = this.#of
    const turn = turnOf(kit.hpke, chain, request, own.keys, kit.isOnline)
    const identity = chain.members.get(request.accountId)?.identity
    const list = identity ? lists.known(request.accountId, identity) : null
    const isAlone = list !== null && devicesOf(list).length <= 1
    return isAlone ? Math.max(0, turn - 1) : turn
  }

  /** Whose turn comes while others are answered is answered along with whoever comes then. */
  async #answerNow(room: Room, deviceId: DeviceId): Promise<void> {
    const due = this.#due.get(room) ?? new Set()
    this.#due.set(room, due.add(deviceId))
    if (this.#answering.has(room)) return
    this.#answering.add(room)
    try {
      while (due.size > 0) await this.#answerDue(room, due)
    } finally {
      this.#answering.delete(room)
    }
  }

  async #answerDue(room: Room, due: Set<DeviceId>): Promise<void> {
    const { kit, lists, own } = this.#of
    const now = new Set(due)
    due.clear()
    const waiting = (await kit.port.keyRequests(room.id)).filter(({ deviceId }) => now.has(deviceId))
    if (!own.isReady) return
    const unknown = waiting.filter(({ accountId, deviceId }) => {
      const identity = room.chain?.members.get(accountId)?.identity
      return !identity || lists.known(accountId, identity)?.devices.has(deviceId) !== true
    })
    if (unknown.length > 0) await lists.learn(unknown.map(({ accountId }) => accountId))
    await this.#giveAll(room, waiting)
  }

  /** All that wait in a conversation. @throws ParleyError */
  async answerAll(room: Room): Promise<void> {
    for (const request of await this.#of.kit.port.keyRequests(room.id)) this.answer(room, request)
  }

  /** Whoever asks is answered by another, or when it asks again. */
  #failed(error: unknown): void {
    if (!(error instanceof Error) || (error.name !== 'ParleyError' && !(error instanceof SealedError)))
      this.#of.kit.onDefect(error)
  }
}

type Wanted = Pick<KeyRequest, 'accountId' | 'deviceId' | 'firstEpoch' | 'lastEpoch'>

/**
 * How long one waits for those whose turn is before. The waits lie the closer together the later they are, so that of many
 * members of whom few are there somebody answers soon, and of many who are there few at once.
 */
const waitForTurnMs = (turn: number): number => Math.round(keyAnswerTurnMs * Math.log2(1 + turn))
