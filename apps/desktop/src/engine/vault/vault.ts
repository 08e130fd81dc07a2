import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { type Argon2id, argon2idBySodium } from '@parley/crypto/argon2id'
import { Refusal } from '@parley/domain/refusal'
import { z } from 'zod'
import type { DeskPort } from '../desk-port.ts'
import { readJson, writeJson } from '../files.ts'
import { byScrypt, Derivation, derivationFor, keyOfPassphrase, newSalt, saltBytes } from './derivation.ts'
import { keyBytes, openSecret, sealSecret } from './sealing.ts'

export const passphraseCharsMin = 8
export const passphraseCharsMax = 256
export const Passphrase = z.string().min(passphraseCharsMin).max(passphraseCharsMax)

const Salt = z.base64().refine((text) => Buffer.from(text, 'base64').length === saltBytes)
const ByPassphrase = z.strictObject({
  by: z.literal('passphrase'),
  key: z.base64(),
  salt: Salt,
  // What was made before there was another does not name its own.
  derivation: Derivation.default(byScrypt),
})
const Wrapped = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('keyring'), key: z.base64() }),
  ByPassphrase,
])
const VaultFile = z.strictObject({ version: z.literal(1), wrapped: Wrapped })

const purpose = 'parley device key'

/**
 * `empty`: no key was made yet. `locked`: the passphrase opens it. `lost`: the system's keyring does not have what opens
 * it. `open`: secrets can be sealed and opened.
 */
export type VaultState = 'empty' | 'locked' | 'lost' | 'open'

/** The file is not one that we have written, or asks for what we never do. It is left as it is. */
export class VaultDamaged extends Error {
  override readonly name = 'VaultDamaged'
}

/**
 * The one key of this device, under which the tokens and store keys of its accounts are sealed. It lies on disk wrapped
 * by the system's keyring, or by a passphrase where there is no keyring: never in the clear.
 */
export class Vault {
  readonly #path: string
  readonly #desk: DeskPort
  readonly #findArgon2id: () => Argon2id | null
  #changing: Promise<unknown> = Promise.resolve()
  #key: Uint8Array | null = null
  #state: VaultState = 'empty'

  /** @param findArgon2id asked when a passphrase is there, as it reads a library from the disk. */
  constructor(path: string, desk: DeskPort, findArgon2id: () => Argon2id | null = argon2idBySodium) {
    this.#path = path
    this.#desk = desk
    this.#findArgon2id = findArgon2id
  }

  get state(): VaultState {
    return this.#state
  }

  /** Opens what the keyring opens by itself. @throws VaultDamaged. */
  async start(): Promise<void> {
    const file = await this.#read()
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
  choosePassphrase(passphrase: string): Promise<void> {
    return this.#inTurn(() => this.#wrap(this.#key ?? randomBytes(keyBytes), passphrase))
  }

  /**
   * What was wrapped in another way than is chosen now is wrapped anew.
   *
   * @param meanwhile is done on this thread when another has begun to make the key.
   * @throws Refusal `wrong-credentials`; VaultDamaged; DerivationMissing.
   */
  unlock(passphrase: string, meanwhile?: () => void): Promise<void> {
    return this.#inTurn(async () => {
      const { key, derivation } = await this.#behind(passphrase, meanwhile)
      this.#opened(key)
      if (isDeepStrictEqual(derivation, derivationFor(this.#findArgon2id()))) return
      // Where it cannot be written, the old file is whole and the next time will do.
      await this.#wrap(key, passphrase).catch(() => {})
    })
  }

  /** @throws Refusal `wrong-credentials` when the current one is not right; nothing is changed then. */
  changePassphrase(current: string, next: string): Promise<void> {
    return this.#inTurn(async () => {
      const { key } = await this.#behind(current)
      await this.#wrap(key, next)
    })
  }

  /** Whether a passphrase, and not the keyring, protects this device. */
  async byPassphrase(): Promise<boolean> {
    return (await this.#read())?.wrapped.by === 'passphrase'
  }

  /** Forgets the key, and with it everything that was sealed. */
  forget(): Promise<void> {
    return this.#inTurn(async () => {
      await rm(this.#path, { force: true })
      this.#key = null
      this.#state = 'empty'
    })
  }

  seal(secret: Uint8Array, what: string): Uint8Array {
    return sealSecret(this.#open(), secret, what)
  }

  unseal(sealed: Uint8Array, what: string): Uint8Array {
    return openSecret(this.#open(), sealed, what)
  }

  /** One after the other: they write the same file, each by what it found there. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#changing.then(change)
    this.#changing = changed.catch(() => {})
    return changed
  }

  async #behind(
    passphrase: string,
    meanwhile?: () => void,
  ): Promise<{ key: Uint8Array; derivation: Derivation }> {
    const file = await this.#read()
    if (file?.wrapped.by !== 'passphrase') throw new Refusal('not-found', 'There is no passphrase to enter.')
    const { key, salt, derivation } = file.wrapped
    const from = Buffer.from(salt, 'base64')
    const opening = keyOfPassphrase(passphrase, from, derivation, this.#findArgon2id())
    meanwhile?.()
    const made = await opening
    try {
      return { key: openSecret(made, Buffer.from(key, 'base64'), purpose), derivation }
    } catch {
      throw new Refusal('wrong-credentials', 'This is not the passphrase of this device.')
    }
  }

  async #wrap(key: Uint8Array, passphrase: string): Promise<void> {
    const argon2id = this.#findArgon2id()
    const derivation = derivationFor(argon2id)
    const salt = newSalt()
    const wrapped = sealSecret(await keyOfPassphrase(passphrase, salt, derivation, argon2id), key, purpose)
    await this.#write({
      by: 'passphrase',
      key: Buffer.from(wrapped).toString('base64'),
      salt: Buffer.from(salt).toString('base64'),
      derivation,
    })
    this.#opened(key)
  }

  #open(): Uint8Array {
    if (!this.#key) throw new Error('The vault is not open')
    return this.#key
  }

  #opened(key: Uint8Array): void {
    this.#key = key
    this.#state = 'open'
  }

  async #read(): Promise<z.infer<typeof VaultFile> | null> {
    try {
      return await readJson(this.#path, VaultFile)
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error
      throw new VaultDamaged('The file of the key of this device is damaged', { cause: error })
    }
  }

  async #write(wrapped: z.infer<typeof Wrapped>): Promise<void> {
    await writeJson(this.#path, { version: 1, wrapped } satisfies z.infer<typeof VaultFile>)
  }
}
