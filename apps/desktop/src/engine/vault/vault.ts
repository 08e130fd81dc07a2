import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { Refusal } from '@parley/domain/refusal'
import { z } from 'zod'
import type { DeskPort } from '../desk-port.ts'
import { readJson, writeJson } from '../files.ts'
import { keyBytes, keyOfPassphrase, newSalt, openSecret, sealSecret } from './sealing.ts'

export const passphraseCharsMin = 8
export const passphraseCharsMax = 256
export const Passphrase = z.string().min(passphraseCharsMin).max(passphraseCharsMax)

const Wrapped = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('keyring'), key: z.base64() }),
  z.strictObject({ by: z.literal('passphrase'), key: z.base64(), salt: z.base64() }),
])
const VaultFile = z.strictObject({ version: z.literal(1), wrapped: Wrapped })

const purpose = 'parley device key'

/**
 * `empty`: no key was made yet. `locked`: the passphrase opens it. `lost`: the system's keyring does not have what opens
 * it. `open`: secrets can be sealed and opened.
 */
export type VaultState = 'empty' | 'locked' | 'lost' | 'open'

/**
 * The one key of this device, under which the tokens and store keys of its accounts are sealed. It lies on disk wrapped
 * by the system's keyring, or by a passphrase where there is no keyring: never in the clear.
 */
export class Vault {
  readonly #path: string
  readonly #desk: DeskPort
  #key: Uint8Array | null = null
  #state: VaultState = 'empty'

  constructor(path: string, desk: DeskPort) {
    this.#path = path
    this.#desk = desk
  }

  get state(): VaultState {
    return this.#state
  }

  /** Opens what the keyring opens by itself. @throws when the file is damaged. */
  async start(): Promise<void> {
    const file = await readJson(this.#path, VaultFile)
    if (!file) return
    if (file.wrapped.by === 'passphrase') {
      this.#state = 'locked'
      return
    }
    try {
      this.#opened(await this.#desk.unprotect(Buffer.from(file.wrapped.key, 'base64')))
    } catch {
      this.#state = 'lost'
    }
  }

  /** Makes the device's key where the keyring can keep it. @returns false where a passphrase has to be chosen. */
  async makeByKeyring(): Promise<boolean> {
    if ((await this.#desk.protection()) !== 'keyring') return false
    const key = randomBytes(keyBytes)
    const wrapped = await this.#desk.protect(key)
    await this.#write({ by: 'keyring', key: Buffer.from(wrapped).toString('base64') })
    this.#opened(key)
    return true
  }

  /** Makes the device's key, or wraps the one that is open anew. */
  async choosePassphrase(passphrase: string): Promise<void> {
    const key = this.#key ?? randomBytes(keyBytes)
    const salt = newSalt()
    const wrapped = sealSecret(await keyOfPassphrase(passphrase, salt), key, purpose)
    await this.#write({
      by: 'passphrase',
      key: Buffer.from(wrapped).toString('base64'),
      salt: Buffer.from(salt).toString('base64'),
    })
    this.#opened(key)
  }

  /** @throws Refusal `wrong-credentials`. */
  async unlock(passphrase: string): Promise<void> {
    this.#opened(await this.#keyBehind(passphrase))
  }

  /** @throws Refusal `wrong-credentials` when the current one is not right; nothing is changed then. */
  async changePassphrase(current: string, next: string): Promise<void> {
    await this.#keyBehind(current)
    await this.choosePassphrase(next)
  }

  /** Whether a passphrase, and not the keyring, protects this device. */
  async byPassphrase(): Promise<boolean> {
    return (await readJson(this.#path, VaultFile))?.wrapped.by === 'passphrase'
  }

  /** Forgets the key, and with it everything that was sealed. */
  async forget(): Promise<void> {
    await rm(this.#path, { force: true })
    this.#key = null
    this.#state = 'empty'
  }

  seal(secret: Uint8Array, what: string): Uint8Array {
    return sealSecret(this.#open(), secret, what)
  }

  unseal(sealed: Uint8Array, what: string): Uint8Array {
    return openSecret(this.#open(), sealed, what)
  }

  async #keyBehind(passphrase: string): Promise<Uint8Array> {
    const file = await readJson(this.#path, VaultFile)
    if (file?.wrapped.by !== 'passphrase') throw new Refusal('not-found', 'There is no passphrase to enter.')
    const opening = await keyOfPassphrase(passphrase, Buffer.from(file.wrapped.salt, 'base64'))
    try {
      return openSecret(opening, Buffer.from(file.wrapped.key, 'base64'), purpose)
    } catch {
      throw new Refusal('wrong-credentials', 'This is not the passphrase of this device.')
    }
  }

  #open(): Uint8Array {
    if (!this.#key) throw new Error('The vault is not open')
    return this.#key
  }

  #opened(key: Uint8Array): void {
    this.#key = key
    this.#state = 'open'
  }

  async #write(wrapped: z.infer<typeof Wrapped>): Promise<void> {
    await writeJson(this.#path, { version: 1, wrapped } satisfies z.infer<typeof VaultFile>)
  }
}
