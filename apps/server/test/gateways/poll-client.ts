import { textIn } from './note-client.ts'

/** A program that was written against note 004: plain HTTP, and a cookie that it keeps as a browser would. */
export class PollClient {
  readonly #url: string
  cookie = ''
  userid = ''

  constructor(server: { url: string }) {
    this.#url = `${server.url}/gateway/poll`
  }

  /** Somebody who is registered and logged in. */
  static async loggedIn(server: { url: string }, username: string): Promise<PollClient> {
    const client = new PollClient(server)
    const credentials = { username, password: 'correct horse battery' }
    await client.post('register', credentials)
    client.userid = textIn((await client.post('login', credentials)).body, 'userid')
    return client
  }

  async get(action: string, query: Record<string, string> = {}, signal?: AbortSignal) {
    return this.ask('GET', action, query, signal ? { signal } : {})
  }

  async post(action: string, query: Record<string, string> = {}, init: RequestInit = {}) {
    return this.ask('POST', action, query, init)
  }

  async ask(method: string, action: string, query: Record<string, string>, init: RequestInit) {
    const headers = {
      ...(this.cookie && { cookie: this.cookie }),
      ...Object.fromEntries(new Headers(init.headers)),
    }
    const response = await fetch(`${this.#url}/${action}/?${new URLSearchParams(query)}`, {
      ...init,
      method,
      headers,
    })
    const [set] = response.headers.getSetCookie()
    if (set !== undefined) this.cookie = set.split(';', 1)[0] ?? ''
    const body: unknown = await response.json()
    return { status: response.status, body, setCookie: set }
  }

  async makeRoom(): Promise<string> {
    return textIn((await this.post('message/newChatroom')).body, 'chatroomid')
  }
}
