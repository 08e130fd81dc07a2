import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fillStore } from '@parley/testkit/fill-store'
import type { LongHistory } from '@parley/testkit/long-history'
import { Registry } from '../src/engine/accounts/registry.ts'
import type { DeskPort } from '../src/engine/desk-port.ts'
import { Vault } from '../src/engine/vault/vault.ts'

export const passphrase = 'a passphrase of the bench'

/** A port at which nothing listens. */
const nowhere = 'http://127.0.0.1:9'

const noKeyring: DeskPort = {
  protection: async () => 'none',
  protect: () => Promise.reject(new Error('There is no keyring')),
  unprotect: () => Promise.reject(new Error('There is no keyring')),
  openExternal: async () => {},
  claimFile: () => Promise.reject(new Error('No file was chosen')),
}

/**
 * Makes what the app finds when it starts: an account on a server that cannot be reached, and its store with a long
 * history, all read. Where one was made to its end before, it is left as it is.
 */
export async function makeLongStore(userData: string, history: LongHistory): Promise<void> {
  const made = join(userData, 'made.json')
  if (existsSync(made)) return
  const folder = join(userData, 'engine')
  const vault = new Vault(join(folder, 'vault.json'), noKeyring)
  await vault.choosePassphrase(passphrase)
  const registry = new Registry(folder, vault)
  await registry.start()
  const account = await registry.take(
    { url: nowhere, serverName: 'Bench', accountId: history.me, username: 'ada', displayName: 'Ada' },
    'no-token',
    randomBytes(32),
  )
  const path = registry.storeOf(account)
  mkdirSync(dirname(path), { recursive: true })
  await fillStore(path, registry.secretsOf(account).storeKey, history)
  writeFileSync(made, JSON.stringify(history.options))
}
