import { randomUUID } from 'node:crypto'
import type { AppRouter } from '@parley/api/root'
import type { Me, SignUp } from '@parley/domain/accounts'
import type { ConversationId, SessionId } from '@parley/domain/ids'
import { ClientMessageId } from '@parley/domain/ids'
import { createTRPCClient, createWSClient, httpLink, wsLink } from '@trpc/client'
import type { TRPCClient } from '@trpc/client'
import type { z } from 'zod'

// Everything here goes over the real API, with the stock tRPC client.

export type Api = TRPCClient<AppRouter>

/** The API by single HTTP requests. */
export const httpApi = (url: string, token?: string): Api =>
  createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: `${url}/trpc`,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      }),
    ],
  })

/** The API over one WebSocket, which is opened by the first call. */
export function socketApi(
  url: string,
  token: string,
): { readonly api: Api; readonly close: () => Promise<void> } {
  const client = createWSClient({
    url: `${url.replace(/^http/, 'ws')}/trpc`,
    connectionParams: { token },
    retryDelayMs: () => 10,
    // Opened by the first call, and then left open.
    lazy: { enabled: true, closeMs: 3_600_000 },
  })
  return { api: createTRPCClient<AppRouter>({ links: [wsLink({ client })] }), close: () => client.close() }
}

/** Somebody with an account, and a WebSocket of their own. */
export interface TestPerson extends AsyncDisposable {
  readonly account: Me
  readonly username: string
  readonly password: string
  readonly token: string
  readonly sessionId: SessionId
  readonly api: Api
  /** The same session by plain HTTP. */
  readonly http: Api
  close(): Promise<void>
}

let people = 0

/** Signs somebody up. Usernames are made up where none is given. */
export async function signUp(
  server: { readonly url: string },
  input: Partial<z.input<typeof SignUp>> = {},
): Promise<TestPerson> {
  people += 1
  const username = input.username ?? `person-${process.pid}-${people}`
  const password = input.password ?? `${randomUUID()} of ${people}`
  const signedIn = await httpApi(server.url).account.signUp.mutate({ ...input, username, password })
  const { api, close } = socketApi(server.url, signedIn.token)
  return {
    username,
    password,
    token: signedIn.token,
    sessionId: signedIn.sessionId,
    account: signedIn.account,
    api,
    http: httpApi(server.url, signedIn.token),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A group of these people, made by the first of them. */
export async function makeGroup(
  founder: TestPerson,
  members: readonly TestPerson[] = [],
  input: { readonly name?: string } = {},
): Promise<ConversationId> {
  const made = await founder.http.conversations.makeGroup.mutate({
    name: input.name ?? 'A group',
    members: members.map(({ account }) => account.id),
  })
  return made.id
}

export const newClientMessageId = (): ClientMessageId => ClientMessageId.parse(randomUUID())

/** Sends a text, under an id of its own where none is given. */
export const send = (
  person: TestPerson,
  conversationId: ConversationId,
  text: string,
  clientMessageId: ClientMessageId = newClientMessageId(),
) => person.api.messages.send.mutate({ conversationId, clientMessageId, content: { kind: 'plain', text } })
