import { once } from 'node:events'
import { type ClientOptions, WebSocket } from 'ws'

/** A program that was written against a note: a bare WebSocket that says what the note prints, and reads what comes. */
export class NoteClient implements Disposable {
  readonly socket: WebSocket
  /** The code that the socket is closed with. */
  readonly closed: Promise<number>
  readonly #arrived: unknown[] = []
  readonly #waiting: PromiseWithResolvers<unknown>[] = []

  private constructor(socket: WebSocket) {
    this.socket = socket
    socket.on('message', (data: Buffer) => {
      const message: unknown = JSON.parse(data.toString())
      const next = this.#waiting.shift()
      if (next) next.resolve(message)
      else this.#arrived.push(message)
    })
    socket.on('error', () => {})
    this.closed = new Promise((resolve) => {
      socket.on('close', (code) => {
        for (const { reject } of this.#waiting) reject(new Error(`Closed with ${code}`))
        resolve(code)
      })
    })
  }

  static async open(server: { url: string }, path: string, options: ClientOptions = {}): Promise<NoteClient> {
    const client = new NoteClient(new WebSocket(server.url.replace(/^http/, 'ws') + path, options))
    await once(client.socket, 'open')
    return client
  }

  send(...messages: unknown[]): void {
    for (const message of messages) this.socket.send(JSON.stringify(message))
  }

  /** The next message that came, or comes. @throws when the socket closes before. */
  next(): Promise<unknown> {
    if (this.#arrived.length > 0) return Promise.resolve(this.#arrived.shift())
    const waiting = Promise.withResolvers<unknown>()
    this.#waiting.push(waiting)
    return waiting.promise
  }

  async nexts(count: number): Promise<unknown[]> {
    const messages: unknown[] = []
    while (messages.length < count) messages.push(await this.next())
    return messages
  }

  async ask(message: unknown): Promise<unknown> {
    this.send(message)
    return this.next()
  }

  /**
   * What has come up to the answer to a message that no gateway knows, without that answer: messages of a connection
   * are dealt with in their order, so whatever else was to be said to it before has been said by then.
   */
  async saidSoFar(): Promise<unknown[]> {
    this.send({ type: 'no such type' })
    const said: unknown[] = []
    for (
      let message = await this.next();
      !JSON.stringify(message).includes('type: must be');
      message = await this.next()
    )
      said.push(message)
    return said
  }

  /** Closes, and resolves when the server has closed too. */
  async leave(): Promise<void> {
    this.socket.close()
    await this.closed
  }

  [Symbol.dispose](): void {
    this.socket.terminate()
  }
}

/** The HTTP status with which opening a socket is refused. */
export function refusedUpgrade(
  server: { url: string },
  path: string,
  options: ClientOptions,
): Promise<number | undefined> {
  const socket = new WebSocket(server.url.replace(/^http/, 'ws') + path, options)
  return new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('open', () => reject(new Error('It was not refused')))
    socket.on('unexpected-response', (request, response) => {
      resolve(response.statusCode)
      request.destroy()
    })
  })
}

/** What stands in a message under these names. */
export function inside(message: unknown, ...names: string[]): unknown {
  return names.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !(name in value)) {
      throw new Error(`There is no ${names.join('.')} in ${JSON.stringify(message)}`)
    }
    return Reflect.get(value, name)
  }, message)
}

export function textIn(message: unknown, ...names: string[]): string {
  const found = inside(message, ...names)
  if (typeof found !== 'string')
    throw new Error(`${names.join('.')} is no text in ${JSON.stringify(message)}`)
  return found
}

/** The names and values of what stands there. */
export const entriesIn = (message: unknown, ...names: string[]): [string, unknown][] =>
  Object.entries(Object(inside(message, ...names)))
