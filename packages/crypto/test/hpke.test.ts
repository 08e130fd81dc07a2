import { Chacha20Poly1305 } from '@hpke/chacha20poly1305'
import { CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core'
import { utf8 } from '@parley/domain/sealed/bytes'
import { expect, test } from 'vitest'
import { hpke, primitives } from './people.ts'

/** The library's own: over WebCrypto, and its cipher in JavaScript. */
const other = new CipherSuite({
  kem: new DhkemX25519HkdfSha256(),
  kdf: new HkdfSha256(),
  aead: new Chacha20Poly1305(),
})
const buffer = (bytes: Uint8Array) => new Uint8Array(bytes).buffer
const info = utf8('what it is for')
const plain = utf8('a key')
const psk = { id: utf8('which'), key: primitives.randomBytes(32) }
const theirPsk = { id: buffer(psk.id), key: buffer(psk.key) }

const secrets = [
  { mode: 'base mode', ours: undefined, theirs: {} },
  { mode: 'psk mode', ours: psk, theirs: { psk: theirPsk } },
] as const

test.each(secrets)(
  'HPKE in $mode is what another implementation makes of it, in both directions',
  async ({ ours, theirs }) => {
    const pair = await other.kem.generateKeyPair()
    const publicBytes = new Uint8Array(await other.kem.serializePublicKey(pair.publicKey))
    const publicKey = publicBytes.toBase64({ alphabet: 'base64url', omitPadding: true })
    const sealed = await hpke.seal(publicKey, info, plain, ours)
    const opened = await other.open(
      { recipientKey: pair, enc: buffer(sealed.encapsulated), info: buffer(info), ...theirs },
      buffer(sealed.ciphertext),
    )
    expect(new Uint8Array(opened)).toEqual(plain)

    const mine = primitives.sealingKey()
    const raw = Uint8Array.fromBase64(mine.publicKey, { alphabet: 'base64url' })
    const recipientPublicKey = await other.kem.deserializePublicKey(buffer(raw))
    const back = await other.seal({ recipientPublicKey, info: buffer(info), ...theirs }, buffer(plain))
    const received = { encapsulated: new Uint8Array(back.enc), ciphertext: new Uint8Array(back.ct) }
    expect(await hpke.open(mine, info, received, ours)).toEqual(plain)
  },
)

test('what was sealed to another key, for another use, or with another secret does not open', async () => {
  const mine = primitives.sealingKey()
  const sealed = await hpke.seal(mine.publicKey, info, plain, psk)
  expect(await hpke.open(mine, info, sealed, psk)).toEqual(plain)
  expect(await hpke.open(primitives.sealingKey(), info, sealed, psk)).toBeNull()
  expect(await hpke.open(mine, utf8('something else'), sealed, psk)).toBeNull()
  expect(await hpke.open(mine, info, sealed, { ...psk, key: primitives.randomBytes(32) })).toBeNull()
  expect(await hpke.open(mine, info, sealed)).toBeNull()
  expect(await hpke.open(mine, info, { ...sealed, encapsulated: new Uint8Array(32) }, psk)).toBeNull()
})
