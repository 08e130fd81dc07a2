import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { passwordHashesAtOnceMax, passwordHashesWaitingMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import pLimit from 'p-limit'

// OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane.
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const saltBytes = 16
const tagBytes = 32

const argon2Async = promisify(argon2)

const derive = (password: string, salt: Uint8Array, parameters: typeof cost, tagLength: number) =>
  argon2Async('argon2id', { message: password.normalize('NFKC'), nonce: salt, tagLength, ...parameters })

const encode = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replaceAll('=', '')

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/**
 * Hashes of passwords: argon2id, in PHC's string form, off the event loop and only some at once. bcrypt hashes from
 * elsewhere are checked too, and then replaced by whoever holds them.
 */
export class Passwords {
  readonly #limit = pLimit(passwordHashesAtOnceMax)
  /** Checked against when there is no such account, so that the answer takes as long as for one there is. */
  #decoy: Promise<string> | null = null

  /** @throws Refusal `too-many` when too many hashes wait already. */
  hash(password: string): Promise<string> {
    return this.#run(async () => {
      const salt = randomBytes(saltBytes)
      const tag = await derive(password, salt, cost, tagBytes)
      return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${encode(salt)}$${encode(tag)}`
    })
  }

  /** Whether the password is the hashed one. Without a hash it takes as long, and is false. */
  async verify(password: string, hash: string | null): Promise<boolean> {
    const against = hash ?? (await (this.#decoy ??= this.hash(randomBytes(saltBytes).toString('hex'))))
    const same = await this.#run(() =>
      against.startsWith('$2') ? verifyBcrypt(password, against) : verifyArgon2(password, against),
    )
    return same && hash !== null
  }

  /** Whether the hash is not what `hash` would make today. */
  isOld(hash: string): boolean {
    return !hash.startsWith(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`)
  }

  #run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#limit.pendingCount >= passwordHashesWaitingMax) {
      throw new Refusal('too-many', 'Too many people are signing in right now: try again in a moment.')
    }
    return this.#limit(work)
  }
}

async function verifyArgon2(password: string, hash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, tag] = phc.exec(hash) ?? []
  if (salt === undefined || tag === undefined) throw new Error('A stored password hash is of no known form.')
  const expected = Buffer.from(tag, 'base64')
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) }
  const derived = await argon2Async('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: expected.length,
    ...parameters,
  })
  return timingSafeEqual(derived, expected)
}

/** bcrypt has no place in Node's thread pool, and takes long enough to stall every socket: it gets a thread. */
function verifyBcrypt(password: string, hash: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./bcrypt-worker.ts', import.meta.url), {
      argv: [password, hash],
    })
    worker.once('message', (same: unknown) => resolve(same === true))
    worker.once('error', reject)
  })
}
