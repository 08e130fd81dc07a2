import * as crypto from 'node:crypto'
import { expect, test } from 'vitest'
import { type Argon2id, argon2idBySodium } from '../src/argon2id.ts'

const argon2id: Argon2id = (...given) => {
  const derive = argon2idBySodium()
  if (!derive) throw new Error('libsodium is not here')
  return derive(...given)
}

/** Of libsodium's own test/default/pwhash_argon2id.c, of which a salt is the first 16 bytes. */
const vectors = [
  {
    passphrase:
      'a347ae92bce9f80f6f595a4480fc9c2fe7e7d7148d371e9487d75f5c23008ffae065577a928febd9b1973a5a95073acdbeb6a030cfc0d79caa2dc5cd' +
      '011cef02c08da232d76d52dfbca38ca8dcbd665b17d1665f7cf5fe59772ec909733b24de97d6f58d220b20c60d7c07ec1fd93c52c31020300c6c1fac' +
      'd77937a597c7a6',
    salt: '5541fbc995d5c197ba290346d2c559de',
    passes: 5,
    memoryBytes: 7_256_678,
    key:
      '18acec5d6507739f203d1f5d9f1d862f7c2cdac4f19d2bdff64487e60d969e3ced615337b9eec6ac4461c6ca07f0939741e57c24d0005c7ea171a0ee' +
      '1e7348249d135b38f222e4dad7b9a033ed83f5ca27277393e316582033c74affe2566a2bea47f91f0fd9fe49ece7e1f79f3ad6e9b23e0277c8ecc4b3' +
      '13225748dd2a80f5679534a0700e246a79a49b3f74eb89ec6205fe1eeb941c73b1fcf1',
  },
  {
    passphrase: 'b540beb016a5366524d4605156493f9874514a5aa58818cd0c6dfffaa9e90205f17b',
    salt: '44071f6d181561670bda728d43fb79b4',
    passes: 1,
    memoryBytes: 1_631_659,
    key:
      '7fb72409b0987f8190c3729710e98c3f80c5a8727d425fdcde7f3644d467fe973f5b5fee683bd3fce812cb9ae5e9921a2d06c2f1905e4e839692f2b9' +
      '34b682f11a2fe2b90482ea5dd234863516dba6f52dc0702d324ec77d860c2e181f84472bd7104fedce071ffa93c5309494ad51623d214447a7b2b146' +
      '2dc7d5d55a1f6fd5b54ce024118d86f0c6489d16545aaa87b6689dad9f2fb47fda9894f8e12b87d978b483ccd4cc5fd9595cdc7a818452f915ce2f7d' +
      'f95ec12b1c72e3788d473441d884f9748eb14703c21b45d82fd667b85f5b2d98c13303b3fe76285531a826b6fc0fe8e3dddecf',
  },
]

test('Argon2id makes the keys of libsodium’s known answers', async () => {
  for (const { passphrase, salt, key, ...cost } of vectors) {
    const made = await argon2id(bytesOf(passphrase), bytesOf(salt), key.length / 2, cost)
    expect(made.toHex()).toBe(key)
  }
})

test('Argon2id agrees with OpenSSL’s on the cost that the app has', async () => {
  const [message, nonce] = [Buffer.from('what only this device knows'), crypto.randomBytes(16)]
  const made = await argon2id(message, nonce, 32, { memoryBytes: 128 * 1024 * 1024, passes: 2 })
  const memory = 128 * 1024
  const other = crypto.argon2Sync('argon2id', {
    message,
    nonce,
    memory,
    passes: 2,
    parallelism: 1,
    tagLength: 32,
  })
  expect(made.toHex()).toBe(other.toString('hex'))
})

test('Argon2id leaves the thread that asks for a key free', async () => {
  let turns = 0
  let done = false
  const cost = { memoryBytes: 64 * 1024 * 1024, passes: 2 }
  const made = argon2id(Buffer.from('a passphrase'), new Uint8Array(16), 32, cost).finally(
    () => (done = true),
  )
  while (!done) {
    await new Promise((resolve) => setImmediate(resolve))
    turns++
  }
  await made
  expect(turns).toBeGreaterThan(10)
})

test('Argon2id says what it cannot take, in place of ending the process', async () => {
  const [salt, cost] = [new Uint8Array(16), { memoryBytes: 65_536, passes: 1 }]
  const passphrase = Buffer.from('a passphrase')
  await expect(argon2id(passphrase, new Uint8Array(15), 32, cost)).rejects.toThrow(RangeError)
  await expect(argon2id(passphrase, salt, 15, cost)).rejects.toThrow(RangeError)
  await expect(argon2id(passphrase, salt, 32, { ...cost, memoryBytes: 4_096 })).rejects.toThrow(RangeError)
  await expect(argon2id(passphrase, salt, 32, { ...cost, memoryBytes: 2 ** 40 })).rejects.toThrow(RangeError)
  await expect(argon2id(passphrase, salt, 32, { ...cost, passes: 0 })).rejects.toThrow(RangeError)
})

const bytesOf = (hex: string): Uint8Array => Uint8Array.fromHex(hex)
