import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Argon2id, argon2idBySodium } from '@parley/crypto/argon2id'
import { Refusal } from '@parley/domain/refusal'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { byScrypt, DerivationMissing } from '../../src/engine/vault/derivation.ts'
import { Vault, VaultDamaged } from '../../src/engine/vault/vault.ts'
import { makeDesk } from './desk.ts'

const passphrase = 'a passphrase of before – ä'
const argon2id = { by: 'argon2id', memoryBytes: 128 * 1024 * 1024, passes: 2 }

/** As the app wrote it when there was scrypt alone, with what was sealed by the key in it. */
const before = {
  file: {
    version: 1,
    wrapped: {
      by: 'passphrase',
      key: 'SyDibJ8C5VioS4Xb20GPfF8UJ0QsWG4iVMa4LnoSDLQfwMhJJH45ky1Y5XtDEhcFNQ5kxfc4FGU6Bcuo',
      salt: 'rDAQAIbMfVJwts5DzdKPvw==',
    },
  },
  sealed: Buffer.from('1XcE+lu3eG/IFYhnjB8QqKm4vThbePrDabAA0FgC/o9F5h3DmngEWAr/1jg36Vrvxps=', 'base64'),
  secret: 'what was sealed before',
}

const File = z.looseObject({
  wrapped: z.looseObject({ salt: z.string(), derivation: z.unknown().optional() }),
})

/** A file of a vault, and vaults on it as if the app was started anew for each. */
function somewhere(findArgon2id?: () => Argon2id | null) {
  const folder = temporaryFolder()
  const path = join(folder.path, 'vault.json')
  return {
    path,
    written: () => File.parse(JSON.parse(readFileSync(path, 'utf8'))),
    write: (value: unknown) => writeFileSync(path, JSON.stringify(value)),
    async start(find = findArgon2id): Promise<Vault> {
      const vault = new Vault(path, makeDesk({ keyring: false }), find)
      await vault.start()
      return vault
    },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

const unsealed = (vault: Vault) => Buffer.from(vault.unseal(before.sealed, 'test')).toString()

test('P7: a passphrase is made a key of by Argon2id, which the file names, and opens nothing when it is wrong', async () => {
  using place = somewhere()
  const vault = await place.start()
  await vault.choosePassphrase(passphrase)
  expect(place.written().wrapped.derivation).toEqual(argon2id)
  const sealed = vault.seal(Buffer.from('a secret'), 'test')

  const again = await place.start()
  expect(again.state).toBe('locked')
  const text = readFileSync(place.path, 'utf8')
  await expect(again.unlock('another passphrase')).rejects.toMatchObject({ kind: 'wrong-credentials' })
  expect(again.state).toBe('locked')
  await again.unlock(passphrase)
  expect(Buffer.from(again.unseal(sealed, 'test')).toString()).toBe('a secret')
  expect(readFileSync(place.path, 'utf8'), 'nothing to wrap anew').toBe(text)
})

test('P5: what scrypt wrapped before opens, and is wrapped by Argon2id from then on', async () => {
  using place = somewhere()
  place.write(before.file)
  const vault = await place.start()
  await expect(vault.unlock('another passphrase')).rejects.toBeInstanceOf(Refusal)
  expect(place.written()).toEqual(before.file)
  await vault.unlock(passphrase)
  expect(unsealed(vault)).toBe(before.secret)
  const { derivation, salt } = place.written().wrapped
  expect(derivation).toEqual(argon2id)
  expect(salt).not.toBe(before.file.wrapped.salt)
  expect(readdirSync(join(place.path, '..'))).toEqual(['vault.json'])

  const again = await place.start()
  await again.unlock(passphrase)
  expect(unsealed(again)).toBe(before.secret)
})

test('P5: where the new wrapping cannot be written, the old one stays and opens', async () => {
  using place = somewhere()
  place.write(before.file)
  // Where the new file is to be written beside the old one, there is a folder.
  await mkdir(`${place.path}.new`)
  const vault = await place.start()
  await vault.unlock(passphrase)
  expect(unsealed(vault)).toBe(before.secret)
  expect(place.written()).toEqual(before.file)

  await rm(`${place.path}.new`, { recursive: true })
  await (await place.start()).unlock(passphrase)
  expect(place.written().wrapped.derivation).toEqual(argon2id)
})

test('P5: a power cut before the new file was in its place leaves the old one, and what was begun is in nobody’s way', async () => {
  using place = somewhere()
  place.write(before.file)
  writeFileSync(`${place.path}.new`, '{ "version": 1, "wrap')
  const vault = await place.start()
  await vault.unlock(passphrase)
  expect(unsealed(vault)).toBe(before.secret)
  expect(place.written().wrapped.derivation).toEqual(argon2id)
})

test('without libsodium the key is made by scrypt, and what Argon2id made is said to need it', async () => {
  using place = somewhere(() => null)
  place.write(before.file)
  const vault = await place.start()
  await vault.unlock(passphrase)
  expect(unsealed(vault)).toBe(before.secret)
  expect(place.written()).toEqual(before.file)
  await vault.choosePassphrase(passphrase)
  expect(place.written().wrapped.derivation).toEqual(byScrypt)

  const withIt = new Vault(place.path, makeDesk({ keyring: false }))
  await withIt.unlock(passphrase)
  expect(place.written().wrapped.derivation).toEqual(argon2id)
  const without = await place.start()
  expect(without.state).toBe('locked')
  await expect(without.unlock(passphrase)).rejects.toBeInstanceOf(DerivationMissing)
})

const tampered: Record<string, object> = {
  'a terabyte of memory': { derivation: { ...argon2id, memoryBytes: 2 ** 40 } },
  'a gigabyte of memory': { derivation: { ...argon2id, memoryBytes: 2 ** 30 } },
  'next to no memory': { derivation: { ...argon2id, memoryBytes: 8_192 } },
  'half a kibibyte': { derivation: { ...argon2id, memoryBytes: 128 * 1024 * 1024 + 512 } },
  'a million passes': { derivation: { ...argon2id, passes: 1_000_000 } },
  'one pass': { derivation: { ...argon2id, passes: 1 } },
  'a pass and a half': { derivation: { ...argon2id, passes: 2.5 } },
  'a larger scrypt': { derivation: { ...byScrypt, N: 2 ** 26 } },
  'a smaller scrypt': { derivation: { ...byScrypt, N: 2 } },
  'what nobody knows': { derivation: { by: 'md5' } },
  'a short salt': { derivation: argon2id, salt: Buffer.alloc(8).toString('base64') },
}

test('P9: a file that asks for what we never do is damaged, and none of it is done', async () => {
  for (const [what, change] of Object.entries(tampered)) {
    let asked = 0
    const find = () => {
      asked++
      return null
    }
    using place = somewhere(find)
    const file = { version: 1, wrapped: { ...before.file.wrapped, ...change } }
    place.write(file)
    await expect(place.start(), what).rejects.toBeInstanceOf(VaultDamaged)
    const vault = new Vault(place.path, makeDesk({ keyring: false }), find)
    await expect(vault.unlock(passphrase), what).rejects.toBeInstanceOf(VaultDamaged)
    expect(asked, what).toBe(0)
    expect(place.written(), what).toEqual(file)
  }
})

test('P9: a file that was cut off is damaged, and is left as it is', async () => {
  using place = somewhere()
  const half = JSON.stringify(before.file).slice(0, 60)
  writeFileSync(place.path, half)
  await expect(place.start()).rejects.toBeInstanceOf(VaultDamaged)
  expect(readFileSync(place.path, 'utf8')).toBe(half)
})

test('changes of a vault happen one after the other, whoever asks for them together', async () => {
  using place = somewhere()
  place.write(before.file)
  const vault = await place.start()
  const next = 'the next passphrase'
  await Promise.all([
    vault.unlock(passphrase),
    vault.unlock(passphrase),
    vault.changePassphrase(passphrase, next),
  ])
  const again = await place.start()
  await expect(again.unlock(passphrase)).rejects.toMatchObject({ kind: 'wrong-credentials' })
  await again.unlock(next)
  expect(unsealed(again)).toBe(before.secret)

  await Promise.all([again.changePassphrase(next, passphrase), again.forget()])
  expect(readdirSync(join(place.path, '..'))).toEqual([])
})

test('what can be done while a passphrase is made a key of is done once it is begun, and before the key is there', async () => {
  using place = somewhere()
  await (await place.start()).choosePassphrase(passphrase)
  const begun: string[] = []
  const vault = new Vault(place.path, makeDesk({ keyring: false }), () => {
    const derive = argon2idBySodium()
    if (!derive) return null
    return (...given) => {
      const made = derive(...given)
      begun.push('key')
      return made
    }
  })
  await vault.start()
  await vault.unlock(passphrase, () => begun.push(vault.state))
  expect(begun).toEqual(['key', 'locked'])
  expect(vault.state).toBe('open')
})
