import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { Me } from '@parley/domain/accounts'
import { z } from 'zod'
import { readJson, removeStore, writeJson } from '../files.ts'
import { keyBytes } from '../vault/sealing.ts'
import type { Vault } from '../vault/vault.ts'

/** An account that is signed in on this device. */
export const DeviceAccount = z.strictObject({
  /** This device's name for it. */
  key: z.uuid(),
  /** The server's address. */
  url: z.url(),
  serverName: z.string(),
  accountId: Me.shape.id,
  username: z.string(),
  displayName: z.string(),
})
export type DeviceAccount = z.infer<typeof DeviceAccount>

const Record = z.strictObject({ ...DeviceAccount.shape, sealed: z.base64() })
const RegistryFile = z.strictObject({
  version: z.literal(1),
  active: z.uuid().nullable(),
  accounts: z.array(Record),
})
const Secrets = z.strictObject({ token: z.string(), storeKey: z.base64() })

export interface AccountSecrets {
  readonly token: string
  /** Opens the account's store. */
  readonly storeKey: Uint8Array
}

/** The accounts of this device. Their secrets are sealed by the vault; the rest is what the sign-in screen shows. */
export class Registry {
  readonly #folder: string
  readonly #vault: Vault
  #file: z.infer<typeof RegistryFile> = { version: 1, active: null, accounts: [] }

  constructor(folder: string, vault: Vault) {
    this.#folder = folder
    this.#vault = vault
  }

  /** @throws when the file is damaged. */
  async start(): Promise<void> {
    this.#file = (await readJson(this.#path, RegistryFile)) ?? this.#file
  }

  get accounts(): readonly DeviceAccount[] {
    return this.#file.accounts.map(({ sealed: _, ...account }) => account)
  }

  get active(): DeviceAccount | null {
    return this.accounts.find((account) => account.key === this.#file.active) ?? null
  }

  storeOf(account: DeviceAccount): string {
    return join(this.#folder, 'stores', `${account.key}.db`)
  }

  secretsOf(account: DeviceAccount): AccountSecrets {
    const record = this.#file.accounts.find((each) => each.key === account.key)
    if (!record) throw new Error('There is no such account on this device')
    const text = Buffer.from(this.#vault.unseal(Buffer.from(record.sealed, 'base64'), record.key)).toString()
    const { token, storeKey } = Secrets.parse(JSON.parse(text))
    return { token, storeKey: Buffer.from(storeKey, 'base64') }
  }

  /** Takes an account up with its token, and makes it the one that is shown. Its store stays when it was here before. */
  async take(
    signedIn: Omit<DeviceAccount, 'key'>,
    token: string,
    newKey: Uint8Array,
  ): Promise<DeviceAccount> {
    const same = this.#file.accounts.find(
      ({ url, accountId }) => url === signedIn.url && accountId === signedIn.accountId,
    )
    const storeKey = same ? this.secretsOf(same).storeKey : newKey
    if (storeKey.length !== keyBytes) throw new RangeError(`A store's key has ${keyBytes} bytes`)
    const account = { key: same?.key ?? randomUUID(), ...signedIn }
    const secrets = JSON.stringify({ token, storeKey: Buffer.from(storeKey).toString('base64') })
    const sealed = Buffer.from(this.#vault.seal(Buffer.from(secrets), account.key)).toString('base64')
    const others = this.#file.accounts.filter(({ key }) => key !== account.key)
    await this.#write({
      version: 1,
      active: account.key,
      accounts: [...others, { ...account, sealed }],
    })
    return account
  }

  async activate(key: string): Promise<void> {
    if (this.#file.accounts.some((account) => account.key === key)) {
      await this.#write({ ...this.#file, active: key })
    }
  }

  /** Forgets an account with all that is held of it. Its store must be closed. */
  async forget(account: DeviceAccount): Promise<void> {
    const accounts = this.#file.accounts.filter(({ key }) => key !== account.key)
    await this.#write({ version: 1, active: accounts[0]?.key ?? null, accounts })
    await removeStore(this.storeOf(account))
  }

  get #path(): string {
    return join(this.#folder, 'accounts.json')
  }

  async #write(file: z.infer<typeof RegistryFile>): Promise<void> {
    await writeJson(this.#path, file)
    this.#file = file
  }
}
