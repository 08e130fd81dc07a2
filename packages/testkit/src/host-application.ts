import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** What the application does when it is asked about a session. */
export type HostAnswer =
  /** As agreed, from `sessions`. */
  | { readonly kind: 'answers' }
  /** Takes the question, and says nothing. */
  | { readonly kind: 'stalls' }
  /** The beginning of an answer, and then nothing more. */
  | { readonly kind: 'stalls-halfway' }
  | {
      readonly kind: 'says'
      readonly status: number
      readonly body: string
      readonly headers?: Record<string, string>
    }
  /** Goes on for ever. */
  | { readonly kind: 'floods' }
  /** Breaks the connection. */
  | { readonly kind: 'hangs-up' }

/**
 * A web application that has people logged in, on a port of its own, and an address at which it says whose a session
 * is: POST `{"SESSID"}`, answered with `{"loggedin":true,"uID"}` or `{"loggedin":false}`.
 */
export class HostWebApplication implements AsyncDisposable {
  /** Session ids, and whose they are. */
  readonly sessions = new Map<string, string | number>()
  answer: HostAnswer = { kind: 'answers' }
  /** What came to the address, as it came. */
  readonly asked: { method: string; path: string; contentType: string; body: string }[] = []
  readonly verifyUrl: string
  readonly #server: Server
  #begun: ServerResponse | null = null

  private constructor(server: Server) {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('The application does not listen')
    this.verifyUrl = `http://127.0.0.1:${address.port}/session/verify`
    this.#server = server
    server.on('request', (request, response) => {
      this.#take(request, response).catch(() => response.destroy())
    })
  }

  static async start(): Promise<HostWebApplication> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HostWebApplication(server)
  }

  /** Its process is gone: nothing listens at its address any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#server.listening) return
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  /** Says the rest of an answer that stalled halfway. */
  finish(rest: string): void {
    this.#begun?.end(rest)
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request
    const body = await text(request)
    this.asked.push({ method, path: url, contentType: headers['content-type'] ?? '', body })
    const { answer } = this
    switch (answer.kind) {
      case 'answers':
        return this.#verify(body, response)
      case 'stalls':
        return
      case 'stalls-halfway':
        this.#begun = response
        return void response.writeHead(200, json).write('{"loggedin":')
      case 'says':
        return void response.writeHead(answer.status, { ...json, ...answer.headers }).end(answer.body)
      case 'floods':
        return flood(response)
      case 'hangs-up':
        return void response.destroy()
    }
  }

  #verify(body: string, response: ServerResponse): void {
    const question: unknown = JSON.parse(body)
    const session =
      typeof question === 'object' && question !== null && 'SESSID' in question ? question.SESSID : null
    const uID = typeof session === 'string' ? this.sessions.get(session) : undefined
    response.writeHead(200, json)
    response.end(JSON.stringify(uID === undefined ? { loggedin: false } : { loggedin: true, uID }))
  }
}

const json = { 'content-type': 'application/json' }

function flood(response: ServerResponse): void {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  response.writeHead(200, json)
  const more = () => {
    while (!response.destroyed && response.write(chunk));
  }
  response.on('drain', more)
  more()
}
