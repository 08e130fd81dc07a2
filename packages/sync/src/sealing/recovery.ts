import {
  type BackupKey,
  backupKeyFrom,
  backupKeyOf,
  backupKeysMax,
  openAccountBackup,
  openConversationBackup,
  sealAccountBackup,
  sealConversationBackup,
} from '@parley/crypto/backup'
import { readCode, recoveryCode, writeCode } from '@parley/crypto/codes'
import { certificateOf } from '@parley/crypto/identity'
import { ParleyError } from '@parley/client/parley-error'
import { ConversationId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { SealedError } from '@parley/domain/sealed/causes'
import type { BackupPart, StoredBackup } from '@parley/domain/sealed/wire'
import { allRoomFacts } from '../store/sealed.ts'
import type { Kit } from './kit.ts'
import { Line } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import { type Linking, mustShow } from './linking.ts'
import type { OwnDevice } from './own.ts'
import { type Room, type Rooms } from './rooms.ts'

/** Keys that change together are written together. */
const writeAfterMs = 2_000
/** Who loses the race for a part so often in a row waits for the next change, or connection. */
const lostRacesMax = 8

export interface RecoverySurroundings {
  readonly kit: Kit
  readonly lists: DeviceLists
  readonly rooms: Rooms
  readonly own: OwnDevice
  readonly linking: Linking
  readonly onKeys: () => void
}

/** The backup of the account's keys, and the code that opens it. */
export class Recovery {
  readonly #of: RecoverySurroundings
  readonly #line = new Line()
  #timer: Disposable | null = null
  #lostRaces = 0

  constructor(surroundings: RecoverySurroundings) {
    this.#of = surroundings
  }

  close(): void {
    this.#timer?.[Symbol.dispose]()
    this.#timer = null
  }

  get #key(): BackupKey | null {
    const key = this.#of.own.kept?.backupKey
    return key ? backupKeyFrom(this.#of.kit.primitives, fromText(key)) : null
  }

  /** A new code, with everything under it; of two that are asked for at once, the later holds. @throws ParleyError */
  make(): Promise<string> {
    return this.#line.run(() => this.#make())
  }

  async #make(): Promise<string> {
    const { kit, own, rooms } = this.#of
    const { accountId } = own.keys
    // Refused before anything is changed.
    void own.accountKey
    await this.#makeRoom()
    const secret = kit.primitives.randomBytes(recoveryCode.bytes)
    const key = backupKeyOf(kit.primitives, accountId, secret)
    own.change({ backupKey: toText(key.key), recovery: 'unconfirmed' })
    for (const [id, { backup }] of allRoomFacts(kit.store.connection))
      rooms.note(rooms.get(id), { backup: { ...backup, version: 0, dirty: true } })
    await this.#write(key, await kit.port.backupParts())
    await kit.port.settleBackup(key.keyId)
    return writeCode(kit.primitives, recoveryCode, secret)
  }

  /** One that was being made when something went wrong was seen by nobody: the one before it stands until there is another. */
  async #makeRoom(): Promise<void> {
    const { kit, own } = this.#of
    const accounts = (await kit.port.backupParts()).filter(({ part }) => part === 'account')
    const mine = this.#key?.keyId
    const keep =
      own.kept?.recovery === 'unconfirmed' ? accounts.find(({ keyId }) => keyId !== mine)?.keyId : mine
    if (accounts.length > 1 && keep !== undefined) await kit.port.settleBackup(keep)
  }

  confirm(typed: string): boolean {
    const { kit, own } = this.#of
    const secret = readCode(kit.primitives, recoveryCode, typed)
    if (!secret || !own.kept) return false
    const isRight = backupKeyOf(kit.primitives, own.kept.accountId, secret).keyId === this.#key?.keyId
    if (isRight) own.change({ recovery: 'made' })
    return isRight
  }

  /** Keys changed: what they are in is written soon. */
  touch(): void {
    const { kit } = this.#of
    if (this.#timer || !this.#key) return
    this.#timer = kit.clock.after(writeAfterMs, () => {
      this.#timer = null
      this.#line.run(() => this.#writeAll()).catch((error: unknown) => this.#failed(error))
    })
  }

  /** Where another device was faster what it wrote is taken over, and written on; without a connection: with the next. */
  #failed(error: unknown): void {
    if (!(error instanceof ParleyError)) this.#of.kit.onDefect(error)
    else if (error.kind === 'head-moved' && this.#lostRaces < lostRacesMax) {
      this.#lostRaces += 1
      this.touch()
    }
  }

  async #writeAll(): Promise<void> {
    const key = this.#key
    const { own, kit } = this.#of
    if (!key || !own.isReady) return
    const stored = await kit.port.backupParts()
    if (!this.#isInForce(key)) return
    // Another device has made a new code, which this one does not have; what it would write, the old one would open.
    const accounts = stored.filter(({ part }) => part === 'account')
    if (accounts.length > 0 && accounts.every(({ keyId }) => keyId !== key.keyId))
      own.change({ backupKey: null, recovery: own.kept?.recovery === 'made' ? 'made' : 'none' })
    else await this.#write(key, stored)
    this.#lostRaces = 0
  }

  async #write(key: BackupKey, stored: readonly StoredBackup[]): Promise<void> {
    const { kit, own, rooms } = this.#of
    const { accountId } = own.keys
    if (!this.#isInForce(key)) return
    const versionOf = (part: BackupPart) => versionIn(stored, part, key.keyId)
    const content = { accountSeed: own.accountKey.seed, head: own.head }
    const version = versionOf('account') + 1
    const sealed = sealAccountBackup(kit.primitives, key, { accountId, version }, content)
    await kit.port.putBackup({ part: 'account', keyId: key.keyId, version, sealed: toText(sealed) })
    for (const [id, { backup }] of allRoomFacts(kit.store.connection)) {
      if (!this.#isInForce(key)) return
      // A server that was put back has lost what was written since.
      if (!backup.dirty && versionOf(id) >= backup.version) continue
      await this.#writeRoom(key, rooms.get(id), versionOf(id))
      await kit.breathe()
    }
  }

  /** A device may have been put out meanwhile, which had the key. */
  #isInForce({ keyId }: BackupKey): boolean {
    const { own } = this.#of
    const seed = own.kept?.accountSeed
    return this.#key?.keyId === keyId && typeof seed === 'string' && own.accountKeyIs(seed)
  }

  async #writeRoom(key: BackupKey, room: Room, stored: number): Promise<void> {
    const { kit, own, rooms } = this.#of
    const { chain, keyring, id: part } = room
    if (!chain || keyring.keys.length === 0) return
    // Another device may have written it, on a server that was put back under the same version, too: what it had is taken over.
    if (stored > 0) await this.#readRoom(key, room)
    const version = stored + 1
    const chainIndex = chain.hashes.length - 1
    const held = keyring.keys
    const keys = held.toSorted((one, other) => one.number - other.number).slice(-backupKeysMax)
    const content = { chainIndex, chainHash: chain.hashes[chainIndex] ?? '', keys }
    const place = { accountId: own.keys.accountId, part, version }
    const sealed = sealConversationBackup(kit.primitives, key, place, content)
    await kit.port.putBackup({ part, keyId: key.keyId, version, sealed: toText(sealed) })
    // Keys may have come while it was on its way.
    rooms.note(room, { backup: { version, dirty: keyring.keys.length > held.length } })
  }

  /** @returns whether more keys are here than in the part */
  async #readRoom(key: BackupKey, room: Room): Promise<boolean> {
    const { kit, rooms } = this.#of
    const sealed = await kit.port.backupPart(room.id, key.keyId)
    const place = { accountId: kit.store.account.id, part: room.id }
    try {
      const { keys, chainIndex, chainHash } = openConversationBackup(
        kit.primitives,
        key,
        place,
        fromText(sealed),
      )
      const { backup } = room.facts
      for (const one of keys) rooms.hold(room, one)
      rooms.note(room, { backup })
      if (!room.chain) rooms.note(room, { seen: { index: chainIndex, hash: chainHash } })
      return room.keyring.keys.length > keys.length
    } catch (error) {
      // A part that does not open is written anew.
      if (!(error instanceof SealedError)) throw error
      return true
    }
  }

  /** @throws Refusal `wrong-credentials`, `not-found`; ParleyError */
  async recover(typed: string): Promise<void> {
    const { kit, own, lists, linking } = this.#of
    const secret = readCode(kit.primitives, recoveryCode, typed)
    const wrong = () => new Refusal('wrong-credentials', 'This is not the recovery code.')
    if (!secret) throw wrong()
    const { id: accountId } = kit.store.account
    const key = backupKeyOf(kit.primitives, accountId, secret)
    const stored = await kit.port.backupParts()
    if (stored.length === 0) throw new Refusal('not-found', 'There is no backup.')
    if (versionIn(stored, 'account', key.keyId) === 0) throw wrong()
    const account = openAccountBackup(
      kit.primitives,
      key,
      accountId,
      fromText(await kit.port.backupPart('account', key.keyId)),
    )
    await lists.learn([accountId])
    mustShow(lists, own, account.head)
    const news = {
      accountSeed: toText(account.accountSeed),
      backupKey: toText(key.key),
      recovery: 'made',
    } as const
    if (own.isReady) {
      // One that is in already learns the account's key, which another device has changed.
      if (!own.accountKeyIs(news.accountSeed)) throw wrong()
      own.change(news)
    } else {
      const keys = own.make(news)
      await linking.signIn(certificateOf(keys), account.accountSeed)
      await own.settle()
    }
    await this.#readRooms(key, stored)
    this.#of.onKeys()
  }

  async #readRooms(key: BackupKey, stored: readonly StoredBackup[]): Promise<void> {
    for (const { part, keyId, version } of stored) {
      const id = ConversationId.safeParse(part)
      if (!id.success || keyId !== key.keyId) continue
      const room = this.#of.rooms.get(id.data)
      const dirty = await this.#readRoom(key, room)
      this.#of.rooms.note(room, { backup: { version, dirty } })
      await this.#of.kit.breathe()
    }
  }
}

const versionIn = (stored: readonly StoredBackup[], part: BackupPart, keyId: string): number =>
  stored.find((each) => each.part === part && each.keyId === keyId)?.version ?? 0
