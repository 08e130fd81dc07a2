import type { AppRouter } from '@parley/api/root'
import type { SignUp } from '@parley/domain/accounts'
import type { ConversationId } from '@parley/domain/ids'
import { type RefusalKind, refusalKinds } from '@parley/domain/refusal'
import type { FakeClock } from '@parley/testkit/fake-clock'
import { type Api, signUp, type TestPerson } from '@parley/testkit/people'
import { type ServerOptions, startServer, type TestServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { createTRPCClient, createWSClient, httpLink, TRPCClientError, wsLink } from '@trpc/client'
import { z } from 'zod'
import { checkedLink } from './checked-link.ts'
import { Following } from './following.ts'

/** The stock client over single HTTP requests, with every answer checked. */
export const checkedHttp = (url: string, token?: string): Api =>
  createTRPCClient<AppRouter>({
    links: [
      checkedLink,
      httpLink({
        url: `${url}/trpc`,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
    ],
  })

/** The stock client over one WebSocket, with every answer checked. */
export function checkedSocket(url: string, token: string): { api: Api; close: () => Promise<void> } {
  const client = createWSClient({
    url: `${url.replace(/^http/, 'ws')}/trpc`,
    connectionParams: { token },
    retryDelayMs: () => 10,
    lazy: { enabled: true, closeMs: 3_600_000 },
  })
  const api = createTRPCClient<AppRouter>({ links: [checkedLink, wsLink({ client })] })
  return { api, close: () => client.close() }
}

/** Somebody signed in, whose answers are checked, on one socket of their own. */
export interface Someone extends TestPerson {
  readonly id: TestPerson['account']['id']
  /** Of the server that they are at. */
  readonly url: string
}

/** So many people, each of whom is there. */
type TupleOf<Count extends number, Tuple extends Someone[] = []> = Tuple['length'] extends Count
  ? Tuple
  : TupleOf<Count, [...Tuple, Someone]>

/** The real server, and people who use it over real sockets. One a file: signing up takes its time. */
export class Stage implements AsyncDisposable {
  server: TestServer
  #options: ServerOptions
  readonly #folder = temporaryFolder()
  readonly #sockets: (() => Promise<void>)[] = []

  private constructor(
    server: TestServer,
    options: ServerOptions,
    folder: ReturnType<typeof temporaryFolder>,
  ) {
    this.server = server
    this.#options = options
    this.#folder = folder
  }

  static async open(options: ServerOptions = {}): Promise<Stage> {
    const folder = temporaryFolder()
    const inFolder = { ...options, settings: { ...options.settings, data: folder.path } }
    return new Stage(await startServer(inFolder), inFolder, folder)
  }

  /** Somebody who has not signed in. */
  get anyone(): Api {
    return checkedHttp(this.server.url)
  }

  /** A new account, signed in. */
  async person(input: Partial<z.input<typeof SignUp>> = {}): Promise<Someone> {
    const person = await signUp(this.server, input)
    return this.#seated(person)
  }

  /** So many new accounts. */
  async people<Count extends number>(count: Count): Promise<TupleOf<Count>>
  async people(count: number): Promise<Someone[]> {
    return Promise.all(Array.from({ length: count }, () => this.person()))
  }

  /** Whoever has the link that the first start printed. */
  operator(): Promise<Someone> {
    if (this.server.setupSecret === null) throw new Error('The server has an account already')
    return this.person({ invite: this.server.setupSecret })
  }

  /** The same account and session on a new socket, at the server as it is now. */
  #seated(person: TestPerson): Someone {
    const { api, close } = this.socket(person.token)
    const { url } = this.server
    return {
      ...person,
      id: person.account.id,
      url,
      api,
      http: checkedHttp(this.server.url, person.token),
      close,
    }
  }

  /** A socket that closes with the stage. */
  socket(token: string): { api: Api; close: () => Promise<void> } {
    const socket = checkedSocket(this.server.url, token)
    this.#sockets.push(socket.close)
    return socket
  }

  /** Another session of somebody, by their password. */
  async device(person: TestPerson, deviceName = 'Another device') {
    const { username, password } = person
    const signedIn = await this.anyone.account.signIn.mutate({ username, password, deviceName })
    return this.#seated({ ...person, token: signedIn.token, sessionId: signedIn.sessionId })
  }

  /** Stops the server and starts it again on the same data; people have to be seated again, at its new address. */
  async restart<const P extends readonly Someone[]>(...people: P): Promise<{ [At in keyof P]: Someone }>
  async restart(...people: Someone[]): Promise<Someone[]> {
    await this.#closeSockets()
    await this.server.close()
    this.server = await startServer(this.#options)
    return people.map((person) => this.#seated(person))
  }

  /** Starts the server again at another time: a clock that is moved that far has to call every timer on the way. */
  async restartAt(clock: FakeClock): Promise<void> {
    this.#options = { ...this.#options, clock }
    await this.restart()
  }

  async close(): Promise<void> {
    await this.#closeSockets()
    await this.server.close()
    this.#folder[Symbol.dispose]()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #closeSockets(): Promise<void> {
    await Promise.all(this.#sockets.splice(0).map((close) => close()))
  }
}

/** How a call was refused: the kind, and what is said beside it. @throws when it was not, or not by a refusal. */
export async function refusal(call: Promise<unknown>): Promise<RefusalSaid> {
  const error: unknown = await call.then(
    (answer) => new Error(`It was not refused: ${JSON.stringify(answer)}`),
    (cause: unknown) => cause,
  )
  return refusalIn(error)
}

interface RefusalSaid {
  readonly kind: RefusalKind
  readonly field?: string
  readonly retryAfterMs?: number
}

/** The refusal that an error of the client brings. @throws the error when it is another. */
export function refusalIn(error: unknown): RefusalSaid {
  const refused = error instanceof TRPCClientError ? shapeOf(error)?.refusal : undefined
  if (!refused) throw error
  return refused
}

/** How a call is refused whose input the types would not let through. */
export async function refusalOf(
  { token, url }: Pick<Someone, 'token' | 'url'>,
  path: string,
  input: unknown,
) {
  const response = await fetch(`${url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(input),
  })
  return Refused.parse(await response.json()).error.data.refusal
}

const Refused = z.object({
  error: z.object({ data: z.object({ refusal: z.looseObject({ kind: z.enum(refusalKinds) }) }) }),
})

const shapeOf = (error: TRPCClientError<AppRouter>) => error.data

/** A group, made by the first; the others are added. */
export async function groupOf(
  founder: Someone,
  members: readonly Someone[] = [],
  input: Partial<Parameters<Api['conversations']['makeGroup']['mutate']>[0]> = {},
): Promise<ConversationId> {
  const made = await founder.api.conversations.makeGroup.mutate({
    name: 'A group',
    members: members.map(({ id }) => id),
    ...input,
  })
  return made.id
}

/** Follows from now on; resolves when the stream is live. */
export async function follow(person: Pick<Someone, 'api'>, from?: { cursor: number; logId?: string }) {
  const start = from ?? (await person.api.stream.snapshot.query())
  const following = new Following(person.api, { cursor: start.cursor, logId: start.logId })
  await following.until(({ events }) => events.some(({ kind }) => kind === 'live' || kind === 'resync'))
  return following
}
