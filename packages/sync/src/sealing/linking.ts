import { linkCode, readCode, writeCode } from '@parley/crypto/codes'
import { addDevice, type DeviceKeys, revokeDevices } from '@parley/crypto/identity'
import {
  answerLink,
  checkLinkRequest,
  handAccountKey,
  type LinkContent,
  openAccountKey,
  openLinkAnswer,
  requestAccountKey,
  requestLink,
} from '@parley/crypto/link'
import { ParleyError } from '@parley/client/parley-error'
import type { DeviceId } from '@parley/domain/ids'
import { linkRequestKeptMs } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { fromText, toText } from '@parley/domain/sealed/bytes'
import { readLinkRequest } from '@parley/domain/sealed/link-form'
import { SealedError } from '@parley/domain/sealed/causes'
import type { Certificate, DeviceList, Head } from '@parley/domain/sealed/device-list'
import type { AnswerLink } from '@parley/domain/sealed/wire'
import type { LinkCode } from '../views.ts'
import type { Kit } from './kit.ts'
import type { DeviceLists } from './lists.ts'
import type { OwnDevice } from './own.ts'

/** Other devices may change the list meanwhile. */
const triesMax = 5

export interface LinkingSurroundings {
  readonly kit: Kit
  readonly lists: DeviceLists
  readonly own: OwnDevice
  /** The account's keys changed, or this device has them now. */
  readonly onKeys: () => void
}

/** Takes devices in by a code, and puts them out. */
export class Linking {
  readonly #of: LinkingSurroundings
  #shown: { readonly code: Uint8Array; readonly until: number } | null = null

  constructor(surroundings: LinkingSurroundings) {
    this.#of = surroundings
  }

  // On a device that is in

  beginLink(): LinkCode {
    const { kit, own } = this.#of
    void own.keys
    void own.accountKey
    const code = kit.primitives.randomBytes(linkCode.bytes)
    const until = kit.clock.now() + linkRequestKeptMs
    this.#shown = { code, until }
    // The new device may have been faster, with a code that was shown before.
    return { code: writeCode(kit.primitives, linkCode, code), until }
  }

  /** A device asks to be taken in: it is, where it proves the code that is shown. */
  async take(request: string): Promise<void> {
    const { kit, own } = this.#of
    if (await this.#hand(request)) return
    const shown = this.#shown
    if (!shown || kit.clock.now() > shown.until || !own.isReady) return
    const { accountId } = own.keys
    let certificate: Certificate
    try {
      certificate = checkLinkRequest(kit.primitives, accountId, shown.code, fromText(request))
    } catch (error) {
      if (error instanceof SealedError) return
      throw error
    }
    this.#shown = null
    const { accountSeed, deviceId } = await this.#takeIn(certificate)
    const { backupKey } = own.kept ?? {}
    const content = { accountSeed, head: own.head, backupKey: backupKey ? fromText(backupKey) : null }
    const answer = await answerLink(kit.hpke, { accountId, certificate, code: shown.code }, content)
    await kit.port.answerLink({ deviceId, answer: toText(answer) })
    this.#of.onKeys()
  }

  /** A device that is in wants the account's key, which a revocation has changed: it is sealed to the key that the list names. */
  async #hand(request: string): Promise<boolean> {
    const { kit, own } = this.#of
    const { kept } = own
    if (!own.isReady || !kept || !own.holdsAccountKey) return false
    const { certificate } = readLinkRequest(fromText(request))
    const { accountId, devices } = own.list
    const device = [...devices.values()].find(
      ({ signing, sealing }) => signing === certificate.signing && sealing === certificate.sealing,
    )
    if (!device || device.id === kept.id) return false
    if (device.revokedBy !== null) return true
    const backupKey = kept.backupKey ? fromText(kept.backupKey) : null
    const content = { accountSeed: own.accountKey.seed, head: own.head, backupKey }
    const to = { accountId, deviceId: device.id, sealing: device.sealing }
    const answer = await handAccountKey(kit.hpke, to, content)
    await kit.port.answerLink({ deviceId: device.id, answer: toText(answer) })
    return true
  }

  /** Another device has changed the account's key: whichever has it gives it, as soon as it is there. */
  async askForKey(): Promise<void> {
    const { kit, own } = this.#of
    if (!own.isReady || own.holdsAccountKey || own.kept?.code) return
    await kit.port.requestLink(toText(requestAccountKey(kit.primitives, own.keys)))
  }

  /** Who asked for the account's key while this device was away gets it. */
  async handWaiting(): Promise<void> {
    const { kit, own } = this.#of
    if (!own.isReady || !own.holdsAccountKey) return
    for (const { request } of await kit.port.linkRequests()) await this.#hand(request)
  }

  async #takeIn(certificate: Certificate): Promise<{ accountSeed: Uint8Array; deviceId: DeviceId }> {
    const { kit, own, lists } = this.#of
    const isIn = () => [...own.list.devices.values()].find(({ signing }) => signing === certificate.signing)
    await this.#onList(() => {
      if (isIn()) return null
      const signing = { primitives: kit.primitives, accountKey: own.accountKey, at: kit.clock.now() }
      return addDevice(signing, own.list, certificate)
    })
    const device = isIn()
    if (!device) throw new ParleyError('not-found', 'The new device was not taken in.')
    void lists
    return { accountSeed: own.accountKey.seed, deviceId: device.id }
  }

  /** @throws ParleyError, Refusal `not-found` */
  async revoke(id: DeviceId): Promise<void> {
    const { kit, own } = this.#of
    void own.keys
    if (!own.list.devices.has(id)) throw new Refusal('not-found', 'There is no such device.')
    const next = kit.primitives.signingKey()
    own.change({ nextSeed: toText(next.seed) })
    await this.#onList(() => {
      if (own.list.devices.get(id)?.revokedBy !== null) return null
      const signing = { primitives: kit.primitives, accountKey: own.accountKey, at: kit.clock.now() }
      return revokeDevices(signing, own.list, [id], next)
    })
    own.forgetBackup()
    this.#of.onKeys()
  }

  /** Appends to the account's own list, as it then is. */
  async #onList(step: () => { entry: Uint8Array; list: DeviceList } | null): Promise<void> {
    const { kit, lists, own } = this.#of
    for (let tries = 0; ; tries += 1) {
      const next = step()
      if (!next) return
      try {
        await kit.port.appendList([toText(next.entry)], false)
        // The stream may have brought it by now.
        if (own.list.hashes.length < next.list.hashes.length) lists.hold(next.list, next.entry)
        return
      } catch (error) {
        if (!(error instanceof ParleyError) || error.kind !== 'head-moved' || tries >= triesMax) throw error
        await lists.learn([kit.store.account.id])
      }
    }
  }

  /** Signs this device itself in, with the account's key. */
  async signIn(certificate: Certificate, accountSeed: Uint8Array): Promise<void> {
    const { kit, own } = this.#of
    const accountKey = kit.primitives.signingKey(accountSeed)
    await this.#onList(() => {
      if (own.isListed) return null
      if (accountKey.publicKey !== own.list.accountKey)
        throw new Refusal('wrong-credentials', 'The account has another key by now.')
      return addDevice({ primitives: kit.primitives, accountKey, at: kit.clock.now() }, own.list, certificate)
    })
  }

  // On a new device

  /** @throws Refusal `invalid-input`; ParleyError */
  async enter(typed: string): Promise<void> {
    const { kit, own } = this.#of
    const code = readCode(kit.primitives, linkCode, typed)
    if (!code) throw new Refusal('invalid-input', 'code: is mistyped', { field: 'code' })
    // One that is in already wants the account's key, which another device has changed.
    if (own.isReady) own.change({ code: toText(code) })
    const keys = own.isReady ? own.keys : own.make({ code: toText(code) })
    await kit.port.requestLink(toText(requestLink(kit.primitives, keys, code)))
  }

  /** Asks whether it was answered while this device was away. */
  async lookForAnswer(): Promise<void> {
    const { kit, own } = this.#of
    if (!own.kept || (own.kept.code === null && (!own.isReady || own.holdsAccountKey))) return
    const answer = await kit.port.linkAnswer(own.kept.id)
    if (answer) await this.answered(answer)
  }

  /** By the code that was entered; a device that is in needs none. @throws SealedError */
  async #opened(keys: DeviceKeys, code: string | null, answer: Uint8Array): Promise<LinkContent> {
    const { kit, own } = this.#of
    if (code === null) return openAccountKey(kit.hpke, keys, answer)
    try {
      return await openLinkAnswer(kit.hpke, keys, fromText(code), answer)
    } catch (error) {
      if (!own.isReady || !(error instanceof SealedError)) throw error
      return openAccountKey(kit.hpke, keys, answer)
    }
  }

  async answered({ deviceId, answer }: AnswerLink): Promise<void> {
    const { kit, own, lists } = this.#of
    const { kept, anyKeys } = own
    if (!kept || !anyKeys || kept.id !== deviceId) return
    if (kept.code === null && (!own.isReady || own.holdsAccountKey)) return
    try {
      const content = await this.#opened(anyKeys, kept.code, fromText(answer))
      await lists.learn([kit.store.account.id])
      mustShow(lists, own, content.head)
      // One from before a later change is of no use; nor is what the server made up.
      if (own.isReady && !own.accountKeyIs(toText(content.accountSeed))) return
      const { backupKey } = content
      own.change({
        accountSeed: toText(content.accountSeed),
        code: null,
        backupKey: backupKey && toText(backupKey),
        recovery: backupKey ? 'made' : 'none',
      })
      void own.accountKey
      await own.settle()
      this.#of.onKeys()
    } catch (error) {
      // Not made by whoever showed the code: it is asked anew.
      if (!(error instanceof SealedError)) throw error
    }
  }
}

/** The account's list is what an older device, or the backup, knew of it, and more. @throws SealedError `list-broken` */
export function mustShow(lists: DeviceLists, own: OwnDevice, head: Head): void {
  if (!lists.knows({ accountId: own.list.accountId, head }) || own.list.hashes[head.index] !== head.hash)
    throw new SealedError('list-broken', 'The server shows another device list than the account has.')
}
