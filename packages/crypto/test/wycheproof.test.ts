import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toText } from '@parley/domain/sealed/bytes'
import { expect, test } from 'vitest'
import { primitives } from './people.ts'

interface Vector {
  readonly tcId: number
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

const vectorsOf = <T extends Vector>(name: string): T[] =>
  readFileSync(join(import.meta.dirname, 'vectors', 'wycheproof', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

const bytes = (hex: string) => Uint8Array.fromHex(hex)

test('AES-256-GCM seals and opens as Wycheproof says, and opens nothing else', () => {
  const vectors = vectorsOf<Vector & Record<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag', string>>(
    'aes-256-gcm',
  )
  for (const { tcId, key, iv, aad, msg, ct, tag, result } of vectors) {
    const opened = primitives.open(bytes(key), bytes(iv), bytes(aad), bytes(ct + tag))
    expect(opened?.toHex() ?? null, `${tcId}`).toBe(result === 'valid' ? msg : null)
    if (result !== 'valid') continue
    expect(primitives.seal(bytes(key), bytes(iv), bytes(aad), bytes(msg)).toHex(), `${tcId}`).toBe(ct + tag)
  }
  expect(vectors.length).toBeGreaterThan(50)
})

test('Ed25519 accepts what Wycheproof calls valid, and nothing else', () => {
  const vectors = vectorsOf<Vector & Record<'pk' | 'msg' | 'sig', string>>('ed25519')
  for (const { tcId, pk, msg, sig, result } of vectors) {
    const given = [toText(bytes(pk)), bytes(msg), bytes(sig)] as const
    expect(primitives.verify(...given), `${tcId}`).toBe(result === 'valid')
  }
  expect(vectors.length).toBeGreaterThan(100)
})

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
