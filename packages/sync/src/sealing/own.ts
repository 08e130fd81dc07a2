import { beginList, type DeviceKeys, deviceKeys, secretsOf } from '@parley/crypto/identity'
import type { SigningKey } from '@parley/crypto/primitives'
import { ParleyError } from '@parley/client/parley-error'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { type DeviceList, headOf } from '@parley/domain/sealed/device-list'
import { deviceValue } from '../store/meta.ts'
import type { KeptDevice } from '../store/sealed.ts'
import type { DeviceView, EncryptionView } from '../views.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'

/** This device among those of its account: its keys, and whether the account's list has it. */
export class OwnDevice {
  readonly #kit: Kit
  readonly #lists: DeviceLists
  #kept: KeptDevice | null
  #keys: DeviceKeys | null = null
  #state: 'unknown' | 'ready' | 'not-linked' = 'unknown'

  constructor(kit: Kit, lists: DeviceLists) {
    this.#kit = kit
    this.#lists = lists
    this.#kept = deviceValue.read(kit.store.connection)
    if (this.#kept) this.#keys = this.#keysOf(this.#kept)
    // Offline it is as it was.
    if (this.isListed) this.#state = 'ready'
  }

  get kept(): KeptDevice | null {
    return this.#kept
  }

  get isReady(): boolean {
    return this.#state === 'ready'
  }

  /** @throws ParleyError `device-unknown` */
  get keys(): DeviceKeys {
    if (!this.#keys || !this.isReady) throw notLinked()
    return this.#keys
  }

  /** Of a device that waits to be linked, too. */
  get anyKeys(): DeviceKeys | null {
    return this.#keys
  }

  /** The account's own list. @throws ParleyError `device-unknown` */
  get list(): DeviceList {
    const list = this.#lists.current(this.#kit.store.account.id)
    if (!list) throw notLinked()
    return list
  }

  get head() {
    return headOf(this.list)
  }

  /** @throws ParleyError `device-unknown` where another device has changed it, and this one was not told yet */
  get accountKey(): SigningKey {
    for (const seed of [this.#kept?.accountSeed, this.#kept?.nextSeed]) {
      const key = seed ? this.#kit.primitives.signingKey(fromText(seed)) : null
      if (key?.publicKey === this.list.accountKey) return key
    }
    throw new ParleyError('device-unknown', 'Another device has changed the key of the account.')
  }

  get isListed(): boolean {
    const { store } = this.#kit
    if (!this.#keys || store.me === null) return false
    return this.#lists.current(store.me.id)?.devices.get(this.#keys.id)?.revokedBy === null
  }

  /** By the list that this device was in, whichever the server shows now. */
  get #isRevoked(): boolean {
    const { id } = this.#keys ?? {}
    const list = this.#lists.current(this.#kit.store.account.id)
    const device = id && list?.devices.get(id)
    return device ? device.revokedBy !== null : false
  }

  view(): EncryptionView {
    if (this.#state === 'ready' && this.#kept) {
      const { id: deviceId, recovery } = this.#kept
      return { kind: 'ready', deviceId, recovery, keyChanged: this.isListed && !this.holdsAccountKey }
    }
    if (this.#state === 'unknown') return { kind: 'unknown' }
    return { kind: 'not-linked', waiting: this.#kept?.code !== null && this.#kept !== null }
  }

  devices(): DeviceView[] {
    const { me } = this.#kit.store
    const list = me && this.#lists.current(me.id)
    return [...(list?.devices.values() ?? [])].map(({ id, kind, at, revokedBy }) => ({
      id,
      kind,
      addedAt: at,
      revoked: revokedBy !== null,
      current: id === this.#kept?.id,
    }))
  }

  /**
   * A device of the account was put out. It had the key of the backup, too: what the others have from now on must not be read
   * with that, so nothing more is backed up before there is a new code.
   */
  forgetBackup(): void {
    if (!this.#kept) return
    const { nextSeed, accountSeed } = this.#kept
    const isNext = nextSeed !== null && this.accountKeyIs(nextSeed)
    const seeds = isNext ? { accountSeed: nextSeed, nextSeed: null } : { accountSeed, nextSeed }
    this.change({ ...seeds, backupKey: null, recovery: 'none' })
  }

  /** Whether this device may add and revoke: no other one has changed the account's key without its knowing. */
  get holdsAccountKey(): boolean {
    const { accountSeed, nextSeed } = this.#kept ?? {}
    return [accountSeed, nextSeed].some((seed) => typeof seed === 'string' && this.accountKeyIs(seed))
  }

  /** Whether this is the seed of the account's key that is in force. */
  accountKeyIs(seed: string): boolean {
    return this.#kit.primitives.signingKey(fromText(seed)).publicKey === this.list.accountKey
  }

  /** There is a connection: the list is read, begun where there is none, and the session speaks for this device. */
  async arrive(): Promise<void> {
    const { id } = this.#kit.store.account
    await this.#lists.learn([id])
    if (!this.#lists.current(id)) await this.#begin()
    else if (this.#kept?.begun && this.isListed) this.change({ begun: null })
    await this.settle()
  }

  /** Goes by what the list says of this device. */
  async settle(): Promise<void> {
    if (this.isListed && this.#keys) {
      await this.#kit.port.useDevice(this.#keys.id)
      this.#become('ready')
      return
    }
    // One that was revoked has nothing to say any more. That the account has begun again is the server's word: keys are kept.
    if (this.#kept && this.#kept.code === null && this.#kept.begun === null && this.#isRevoked)
      this.keep(null)
    this.#become('not-linked')
  }

  /** A new device, whose keys are on disk when this returns. */
  make(more: Partial<KeptDevice> = {}): DeviceKeys {
    const { store, primitives, deviceKind } = this.#kit
    const keys = deviceKeys(primitives, store.account.id, deviceKind)
    this.keep({
      accountId: keys.accountId,
      id: keys.id,
      secrets: toText(secretsOf(keys)),
      accountSeed: null,
      nextSeed: null,
      begun: null,
      code: null,
      backupKey: null,
      recovery: 'none',
      ...more,
    })
    return keys
  }

  keep(kept: KeptDevice | null): void {
    const { store } = this.#kit
    store.write((touch) => {
      deviceValue.write(store.connection, kept)
      touch('encryption')
    })
    this.#kept = kept
    this.#keys = kept && this.#keysOf(kept)
  }

  change(change: Partial<KeptDevice>): void {
    if (this.#kept) this.keep({ ...this.#kept, ...change })
  }

  /** Begins the account's list, or begins it anew with another identity. */
  async begin(beginAgain: boolean): Promise<void> {
    const { primitives, clock, port } = this.#kit
    const accountKey = primitives.signingKey()
    const keys = this.make({ accountSeed: toText(accountKey.seed) })
    const { entry, list } = beginList({ primitives, accountKey, at: clock.now() }, keys)
    this.change({ begun: toText(entry) })
    await port.appendList([toText(entry)], beginAgain)
    this.#lists.hold(list, entry)
    this.change({ begun: null })
  }

  async #begin(): Promise<void> {
    try {
      const begun = this.#kept?.begun
      // What was begun before a crash may have arrived or not.
      if (begun) await this.#kit.port.appendList([begun], false)
      else await this.begin(false)
    } catch (error) {
      if (!(error instanceof ParleyError) || !error.isRefusal) throw error
      // Another device was first.
      this.keep(null)
    }
    await this.#lists.learn([this.#kit.store.account.id])
  }

  #become(state: 'ready' | 'not-linked'): void {
    if (this.#state === state) return
    this.#state = state
    this.#kit.store.write((touch) => touch('encryption'))
  }

  #keysOf({ accountId, secrets }: KeptDevice): DeviceKeys {
    const { primitives, deviceKind } = this.#kit
    return deviceKeys(primitives, accountId, deviceKind, fromText(secrets))
  }
}

export const notLinked = () => new ParleyError('device-unknown', 'This device is none of its account yet.')
