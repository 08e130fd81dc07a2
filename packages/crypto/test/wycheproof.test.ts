import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { joined, toText } from '@parley/domain/sealed/bytes'
import { expect, test } from 'vitest'
import { aeadByNode, aeadBySodium } from '../src/aead.ts'
import { isOfSmallOrder, verifier, verifyByNode } from '../src/ed25519.ts'
import { nodePrimitives } from '../src/node-primitives.ts'
import { type VerifyEd25519, verifyBySodium } from '../src/sodium.ts'
import { primitives } from './people.ts'

interface Vector {
  readonly tcId: number
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

const vectorsOf = <T extends Vector>(name: string): T[] => vectorsIn(join('wycheproof', name))

const vectorsIn = <T extends Vector>(name: string): T[] =>
  readFileSync(join(import.meta.dirname, 'vectors', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

const bytes = (hex: string) => Uint8Array.fromHex(hex)

const aeads = { libsodium: aeadBySodium(), 'node:crypto': aeadByNode() }

/** With something else around it in memory, as messages are read. */
const within = (hex: string) => joined(new Uint8Array(5), bytes(hex), new Uint8Array(3)).subarray(5, -3)

for (const [name, aead] of Object.entries(aeads)) {
  test(`ChaCha20-Poly1305 by ${name} seals and opens as Wycheproof says, and opens nothing else`, () => {
    if (!aead) throw new Error('The library is not there')
    const vectors = vectorsOf<Vector & Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>>(
      'chacha20-poly1305',
    )
    for (const { tcId, key, iv, aad, msg, ct, tag, result } of vectors) {
      const under = [within(key), within(iv), within(aad)] as const
      for (const memory of [undefined, new Uint8Array(1_000), new Uint8Array(1)]) {
        const opened = aead.open(...under, within(ct + tag), memory)
        expect(opened?.toHex() ?? null, `${tcId}`).toBe(result === 'valid' ? msg : null)
      }
      if (result !== 'valid') continue
      expect(aead.seal(...under, within(msg)).toHex(), `${tcId}`).toBe(ct + tag)
    }
    expect(vectors.length).toBeGreaterThan(300)
  })

  test(`ChaCha20-Poly1305 by ${name} refuses keys and nonces of other sizes, and what is too short for a tag`, () => {
    if (!aead) throw new Error('The library is not there')
    const [key, nonce, nothing] = [new Uint8Array(32), new Uint8Array(12), new Uint8Array()]
    const sealed = aead.seal(key, nonce, nothing, nothing)
    expect(aead.open(key, nonce, nothing, sealed)).toEqual(nothing)
    expect(aead.open(key, nonce, nothing, sealed.subarray(1))).toBeNull()
    for (const [wrongKey, wrongNonce] of [
      [key.subarray(1), nonce],
      [key, nonce.subarray(1)],
      [joined(key, nonce), nonce],
      [key, joined(nonce, nonce)],
    ] as const) {
      expect(() => aead.seal(wrongKey, wrongNonce, nothing, nothing)).toThrow(RangeError)
      expect(() => aead.open(wrongKey, wrongNonce, nothing, sealed)).toThrow(RangeError)
    }
  })
}

const verifications = { libsodium: verifyBySodium(), 'node:crypto': verifyByNode() }

for (const [name, verify] of Object.entries(verifications)) {
  test(`Ed25519 by ${name} accepts what Wycheproof calls valid, and nothing else`, () => {
    const vectors = vectorsOf<Vector & Record<'pk' | 'msg' | 'sig', string>>('ed25519')
    for (const { tcId, pk, msg, sig, result } of vectors)
      expect(rightBy(verify, { pk, msg, sig }), `${tcId}`).toBe(result === 'valid')
    expect(vectors.length).toBeGreaterThan(100)
  })

  test(`P8: Ed25519 by ${name} refuses points of small order, whatever fits them, as every program does`, () => {
    const vectors = vectorsIn<Vector & Record<'comment' | 'pk' | 'msg' | 'sig', string>>('ed25519-edges')
    for (const { comment, result, ...given } of vectors)
      expect(rightBy(verify, given), comment).toBe(result === 'valid')
    expect(vectors.length).toBeGreaterThan(30)
  })
}

test('a point of small order is known for one, however it is written', () => {
  const vectors = vectorsIn<Vector & Record<'comment' | 'pk' | 'sig', string>>('ed25519-edges')
  for (const { comment, pk, sig } of vectors) {
    expect(isOfSmallOrder(bytes(pk)), comment).toBe(comment.startsWith('key of small order'))
    expect(isOfSmallOrder(bytes(sig).subarray(0, 32)), comment).toBe(
      comment.startsWith('first half of small'),
    )
  }
})

function rightBy(verify: VerifyEd25519 | null, { pk, msg, sig }: Record<'pk' | 'msg' | 'sig', string>) {
  if (!verify) throw new Error('The library is not there')
  return nodePrimitives(verifier(verify)).verify(toText(bytes(pk)), bytes(msg), bytes(sig))
}

test('X25519 agrees as Wycheproof says, and refuses points of small order', () => {
  const vectors = vectorsOf<Vector & Record<'public' | 'private' | 'shared', string> & { zero: boolean }>(
    'x25519',
  )
  for (const { tcId, public: other, private: secret, shared, zero } of vectors) {
    const agreed = primitives.sealingKey(bytes(secret)).agree(bytes(other))
    expect(agreed?.toHex() ?? null, `${tcId}`).toBe(zero ? null : shared)
  }
  expect(vectors.length).toBeGreaterThan(500)
})

test('HKDF and HMAC are as Wycheproof says', () => {
  for (const { tcId, ikm, salt, info, size, okm } of vectorsOf<
    Vector & Record<'ikm' | 'salt' | 'info' | 'okm', string> & { size: number }
  >('hkdf-sha256'))
    expect(primitives.hkdf(bytes(ikm), bytes(salt), bytes(info), size).toHex(), `${tcId}`).toBe(okm)
  for (const { tcId, key, msg, tag, result } of vectorsOf<Vector & Record<'key' | 'msg' | 'tag', string>>(
    'hmac-sha256',
  ))
    expect(primitives.hmac(bytes(key), bytes(msg)).toHex() === tag, `${tcId}`).toBe(result === 'valid')
})
