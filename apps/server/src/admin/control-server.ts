import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Chat } from '@parley/chat/chat'
import { httpBodyBytesMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { isFull } from '../files/durable.ts'
import { answerError, answerJson } from '../http/answers.ts'
import { bearerToken } from '../http/api-context.ts'
import type { Log } from '../logs/log.ts'
import type { DataFolder } from '../serve/data-folder.ts'
import { actions } from './actions.ts'
import { removeControlPoint, writeControlPoint } from './control-file.ts'

/** Longer paths of sockets do not fit into what the systems give them: 104 bytes on macOS, 108 on Linux. */
const socketPathBytesMax = 100
const secretBytes = 32

/** Carries out admin actions for whoever owns the data folder, while the server runs. */
export class ControlServer implements AsyncDisposable {
  readonly #server: Server
  readonly #chat: Chat
  readonly #log: Log
  readonly #folder: DataFolder
  readonly #secretHash: Buffer
  readonly #remove: () => void

  private constructor(options: {
    chat: Chat
    log: Log
    folder: DataFolder
    secret: string
    remove: () => void
  }) {
    this.#chat = options.chat
    this.#log = options.log
    this.#folder = options.folder
    this.#secretHash = digest(options.secret)
    this.#remove = options.remove
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        if (!answerError(response, error)) this.#log('error', 'admin-action-failed', { error })
      })
    })
  }

  /** @param options.url where people reach the server. */
  static async open(options: {
    folder: DataFolder
    chat: Chat
    log: Log
    url: string
  }): Promise<ControlServer> {
    const { folder, chat, log, url } = options
    const secret = randomBytes(secretBytes).toString('base64url')
    const place = socketPlace(folder)
    const control = new ControlServer({ chat, log, folder, secret, remove: place.remove })
    control.#server.listen(place.socket)
    await once(control.#server, 'listening')
    if (process.platform !== 'win32') chmodSync(place.socket, 0o600)
    try {
      writeControlPoint(folder, { socket: place.socket, secret, url })
    } catch (error) {
      // On a full disk messages can be read all the same.
      if (!isFull(error)) throw error
      log('warn', 'control-not-reachable', { error })
    }
    return control
  }

  async [Symbol.asyncDispose](): Promise<void> {
    removeControlPoint(this.#folder)
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeIdleConnections()
    await closed
    this.#remove()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const token = bearerToken(request)
    if (token === null || !timingSafeEqual(digest(token), this.#secretHash)) {
      throw new Refusal('not-allowed', 'This is for the owner of the data folder.')
    }
    const action = actions.get(request.url?.slice(1) ?? '')
    if (!action || request.method !== 'POST') throw new Refusal('not-found', 'There is no such action.')
    answerJson(response, 200, await action.performJson(this.#chat, await jsonBody(request)))
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest()

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > httpBodyBytesMax) throw new Refusal('too-large', `At most ${httpBodyBytesMax} bytes.`)
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refusal('invalid-input', 'The body must be JSON.')
  }
}

/** Where the socket is: in the data folder, or where that has too long a path, in a folder of its own. */
function socketPlace(folder: DataFolder): { socket: string; remove: () => void } {
  if (process.platform === 'win32') {
    return { socket: `\\\\.\\pipe\\parley-${randomBytes(16).toString('hex')}`, remove: () => {} }
  }
  const near = join(folder.control, 'control.sock')
  if (Buffer.byteLength(near) <= socketPathBytesMax) {
    // Whoever holds the lock on the folder is alone: what lies here was left by a server that was killed.
    rmSync(near, { force: true })
    return { socket: near, remove: () => rmSync(near, { force: true }) }
  }
  const socket = join(mkdtempSync(join(tmpdir(), 'parley-')), 'control.sock')
  return { socket, remove: () => rmSync(dirname(socket), { recursive: true, force: true }) }
}
