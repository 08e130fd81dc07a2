import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argon2idBySodium } from '@parley/crypto/argon2id'
import { signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Vault } from '../../src/engine/vault/vault.ts'
import { makeDesk } from '../engine/desk.ts'
import { Device, passphrase, password } from './device.ts'

const VaultFile = z.looseObject({ wrapped: z.looseObject({ derivation: z.looseObject({ by: z.string() }) }) })

test('P5: a device that was locked by scrypt before opens, and is locked by Argon2id from then on', async () => {
  await using server = await startServer()
  await using _adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  using folder = temporaryFolder('parley-app')
  const userData = join(folder.path, 'device')
  const path = join(userData, 'engine/vault.json')
  const madeBy = () => VaultFile.parse(JSON.parse(readFileSync(path, 'utf8'))).wrapped.derivation.by
  await using ada = await Device.signIn(server.url, 'ada', userData)
  expect(madeBy()).toBe('argon2id')
  await ada.app.quit()

  await wrapAsBefore(path)
  await ada.startAgain()
  expect(madeBy()).toBe('argon2id')
  await ada.app.quit()
  await ada.startAgain()
})

/** As the app did when there was scrypt alone. What Electron's engine wrapped is opened in Node for it. */
async function wrapAsBefore(path: string): Promise<void> {
  let argon2id = argon2idBySodium()
  const vault = new Vault(path, makeDesk({ keyring: false }), () => argon2id)
  await vault.unlock(passphrase)
  argon2id = null
  await vault.choosePassphrase(passphrase)
  const { wrapped, ...file } = VaultFile.parse(JSON.parse(readFileSync(path, 'utf8')))
  const { derivation, ...before } = wrapped
  expect(derivation.by).toBe('scrypt')
  writeFileSync(path, JSON.stringify({ ...file, wrapped: before }))
}
