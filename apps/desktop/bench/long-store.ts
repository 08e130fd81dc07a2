import { mkdirSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { LongHistory } from '@parley/testkit/long-history'
import { type Engine, openEngine } from '@parley/sync/engine'
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
 * history, all read.
 * @returns milliseconds that the engine took to take the messages in
 */
export async function makeLongStore(userData: string, history: LongHistory): Promise<number> {
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
  const { storeKey } = registry.secretsOf(account)
  const last = history.options.messages
  const began = performance.now()
  await using engine = openEngine({ path, key: storeKey, connect: () => history.serverUpTo(last) })
  await caughtUp(engine)
  return performance.now() - began
}

const caughtUp = (engine: Engine): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      const connection = engine.connection()
      if (connection.kind !== 'online' || !connection.caughtUp) return
      listening[Symbol.dispose]()
      resolve()
    }
    const listening = engine.onChange(look)
    look()
  })
