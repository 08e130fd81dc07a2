import type { z } from 'zod'
import { SealedError } from './causes.ts'

/** The only suite there is. The first byte of every structure names its suite. */
export const suite = 1

/** The second byte of every structure: what it is. */
export const structures = {
  listEntry: 1,
  chainEntry: 2,
  message: 3,
  grant: 4,
  joinProof: 5,
  backupPart: 6,
  linkRequest: 7,
  linkAnswer: 8,
} as const

/** 32 bytes, as 43 characters of base64url: hashes and public keys are compared and kept in this form. */
export type Hash = string
export type PublicKey = string

export const zeroHash: Hash = 'A'.repeat(43)
export const idBytes = 16
export const hashBytes = 32
export const signatureBytes = 64
export const nonceBytes = 12
export const tagBytes = 16
/** Of a hash, where the whole of it would be too long to repeat in every message. */
export const hashTagBytes = 16

/** The two operations that checking takes. Whoever checks brings them, so that the rules need no platform. */
export interface Checks {
  /** SHA-256. */
  hash(bytes: Uint8Array): Hash
  /** Ed25519. False for a wrong signature and for a key that is none. */
  verify(publicKey: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean
}

export const toText = (bytes: Uint8Array): string =>
  bytes.toBase64({ alphabet: 'base64url', omitPadding: true })

/** @throws SealedError `malformed` */
export function fromText(text: string): Uint8Array {
  try {
    return Uint8Array.fromBase64(text, { alphabet: 'base64url' })
  } catch {
    throw new SealedError('malformed', 'Not base64url.')
  }
}

/**
 * As `fromText`, into memory that is there already: for who reads much, one after the other.
 * @throws SealedError `malformed`, also for what is larger than the memory
 */
export function fromTextInto(memory: Uint8Array, text: string): Uint8Array {
  try {
    const { read, written } = memory.setFromBase64(text, { alphabet: 'base64url' })
    if (read === text.length) return memory.subarray(0, written)
  } catch {
    // As below.
  }
  throw new SealedError('malformed', 'Not base64url.')
}

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const utf8 = (text: string): Uint8Array => encoder.encode(text)

/** Writes characters of one byte each into as many bytes. @throws SealedError `malformed` for others */
export function writeAscii(text: string, into: Uint8Array): void {
  const { read } = encoder.encodeInto(text, into)
  if (read !== text.length) throw new SealedError('malformed', 'Not ASCII.')
}

/** @throws SealedError `malformed` */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new SealedError('malformed', 'Not UTF-8.')
  }
}

/** Of an id. A decoder would take longer for so few. */
function ascii(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 1) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

const labelBytes = (label: string): Uint8Array => utf8(`parley/1 ${label}\0`)

const labels = {
  'account-key': labelBytes('account-key'),
  attachment: labelBytes('attachment'),
  'backup-id': labelBytes('backup-id'),
  chain: labelBytes('chain'),
  code: labelBytes('code'),
  device: labelBytes('device'),
  'device-id': labelBytes('device-id'),
  epoch: labelBytes('epoch'),
  grant: labelBytes('grant'),
  invite: labelBytes('invite'),
  join: labelBytes('join'),
  link: labelBytes('link'),
  list: labelBytes('list'),
  message: labelBytes('message'),
  safety: labelBytes('safety'),
  turn: labelBytes('turn'),
}

/** The beginning of what is signed for a message. */
export const messageLabel: Uint8Array = labels.message

/** What something is hashed or signed for. */
export type Label = keyof typeof labels

/** A label, a zero byte, and what is hashed or signed under it: nothing signed for one use serves another. */
export const labelled = (label: Label, ...parts: readonly Uint8Array[]): Uint8Array =>
  joined(labels[label], ...parts)

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export class ByteWriter {
  #bytes = new Uint8Array(512)
  #view = new DataView(this.#bytes.buffer)
  #length = 0

  u8(value: number): this {
    const at = this.#room(1)
    this.#view.setUint8(at, value)
    return this
  }

  u16(value: number): this {
    const at = this.#room(2)
    this.#view.setUint16(at, value)
    return this
  }

  u32(value: number): this {
    const at = this.#room(4)
    this.#view.setUint32(at, value)
    return this
  }

  u64(value: number): this {
    const at = this.#room(8)
    this.#view.setBigUint64(at, BigInt(value))
    return this
  }

  raw(bytes: Uint8Array): this {
    const at = this.#room(bytes.length)
    this.#bytes.set(bytes, at)
    return this
  }

  /** A hash, a key, or a tag of one. */
  hash(text: string): this {
    return this.raw(fromText(text))
  }

  /** An id, or a client message id: its characters. */
  ascii(text: string): this {
    return this.raw(utf8(text))
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.u16(items.length)
    for (const item of items) write(item)
    return this
  }

  option<T>(value: T | null, write: (value: T) => void): this {
    this.u8(value === null ? 0 : 1)
    if (value !== null) write(value)
    return this
  }

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** Where to write so many bytes. It may take the place of what is written to, so it is asked first. */
  #room(bytes: number): number {
    const at = this.#length
    this.#length += bytes
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2))
      larger.set(this.#bytes)
      this.#bytes = larger
      this.#view = new DataView(larger.buffer)
    }
    return at
  }
}

/** Reads a structure front to back. Whatever is not as it should be is a `SealedError`, never anything else. */
export class ByteReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** The first two bytes. @throws SealedError `newer-suite`, `malformed` */
  begin(structure: number): void {
    const found = this.u8()
    if (found > suite) throw new SealedError('newer-suite', `Made by a newer program: suite ${found}.`)
    if (found !== suite || this.u8() !== structure)
      throw new SealedError('malformed', 'Not a structure of the kind that belongs here.')
  }

  get at(): number {
    return this.#at
  }

  get left(): number {
    return this.bytes.length - this.#at
  }

  u8(): number {
    return this.#view.getUint8(this.#step(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2))
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4))
  }

  u64(): number {
    const value = this.#view.getBigUint64(this.#step(8))
    if (value > Number.MAX_SAFE_INTEGER) throw new SealedError('malformed', 'A number is too large.')
    return Number(value)
  }

  raw(bytes: number): Uint8Array {
    const at = this.#step(bytes)
    return this.bytes.subarray(at, at + bytes)
  }

  hash(): Hash {
    return toText(this.raw(hashBytes))
  }

  id<Id extends z.ZodType>(schema: Id): z.infer<Id> {
    const id = schema.safeParse(ascii(this.raw(idBytes)))
    if (!id.success) throw new SealedError('malformed', 'An id is none.')
    return id.data
  }

  /** One of the values that a byte can stand for. */
  oneOf<T>(values: readonly T[]): T {
    const value = values[this.u8() - 1]
    if (value === undefined) throw new SealedError('malformed', 'A byte stands for nothing known.')
    return value
  }

  list<T>(itemsMax: number, read: () => T): T[] {
    const length = this.u16()
    if (length > itemsMax) throw new SealedError('too-many', `A list has more than ${itemsMax} items.`)
    return Array.from({ length }, read)
  }

  option<T>(read: () => T): T | null {
    const there = this.u8()
    if (there > 1) throw new SealedError('malformed', 'An option is neither there nor not.')
    return there === 1 ? read() : null
  }

  /** Everything up to the last `bytes`. */
  upTo(bytes: number): Uint8Array {
    return this.raw(Math.max(0, this.left - bytes))
  }

  end(): void {
    if (this.left !== 0) throw new SealedError('malformed', 'There are bytes left over.')
  }

  #step(bytes: number): number {
    const at = this.#at
    if (at + bytes > this.bytes.length) throw new SealedError('malformed', 'It ends too early.')
    this.#at += bytes
    return at
  }
}

/** What is signed of a structure that ends in its signature, under a label. */
export const signedPart = (label: Label, bytes: Uint8Array): Uint8Array =>
  labelled(label, bytes.subarray(0, bytes.length - signatureBytes))
