import type { IncomingMessage } from 'node:http'
import { authenticate, signOut } from '@parley/chat/accounts/sessions'
import { signIn } from '@parley/chat/accounts/sign-in'
import { signUp } from '@parley/chat/accounts/sign-up'
import type { Actor, Caller } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import {
  acceptInvitation,
  declineInvitation,
  markInvitationSeen,
  sendInvitation,
} from '@parley/chat/conversations/invitations'
import { listRequests } from '@parley/chat/conversations/mine'
import { SignIn, SignUp } from '@parley/domain/accounts'
import type { Invitation } from '@parley/domain/conversations'
import { type AccountId, ConversationId } from '@parley/domain/ids'
import { StatedTime } from '@parley/domain/messages'
import { Refusal } from '@parley/domain/refusal'
import type { Entry } from '@parley/domain/stream'
import { z, ZodError } from 'zod'
import { answerJson } from '../http/answers.ts'
import type { Route } from '../http/routes.ts'
import type { Gateway, GatewayHost } from './gateway.ts'
import { fieldsOf, isForeignPage } from './input.ts'
import { loadDetails } from './load-format.ts'
import { sayText, textOf, timeOf } from './saying.ts'
import { actorOf, type Seat } from './seat.ts'
import { GatewayProtocol, type Note } from './speaker.ts'
import { kindsOf, said } from './table.ts'

const deviceName = 'Gateway: invites'

const MessageFrame = z.object({
  SessionID: ConversationId,
  Message: z.object({
    data: z.string(),
    TimeStamp: StatedTime,
    // Whatever it says, the sender is who is signed in.
    Sender: z.union([z.string(), z.number()]),
  }),
})
const SearchFrame = z.object({ Username: z.string().min(1) })
const RequestFrame = z.object({ username: z.string().min(1), Accepted: z.literal([0, 1]) })

const kind = kindsOf<Table>()
const messageKind = kind(MessageFrame, (table, message) => table.send(message))

const fieldNames = {
  conversationId: 'SessionID',
  accountId: 'Username',
  statedTime: 'Message.TimeStamp',
  content: 'Message.data',
  'content.text': 'Message.data',
  'content.sealed': 'Message.data',
}

/** Note 002: find a person by name, ask, and talk when they accept. */
const note: Note<Table> = {
  kinds: new Map([
    ['Message', messageKind],
    // As the note spells it.
    ['Messgae', messageKind],
    ['Search', kind(SearchFrame, (table, { Username }) => table.search(Username))],
    [
      'request',
      kind(RequestFrame, (table, { username, Accepted }) => table.answer(username, Accepted === 1)),
    ],
  ]),
  fieldNames,
  begin: (seat, request) => new Table(seat, tokenOf(request)),
  open: (table) => table.open(),
  refusal: (_type, why) => ({ type: 'error', ...why }),
}

const tokenOf = ({ url = '' }: IncomingMessage) =>
  URL.parse(url, 'http://server')?.searchParams.get('token') ?? ''

export const invites: Gateway = (host) => {
  const { chat } = host.services
  return [
    new GatewayProtocol(chat, note).route('/gateway/invites', host.sockets),
    form('/gateway/invites/register', host, (caller, fields) => register(chat, caller, fields)),
    form('/gateway/invites/login', host, (caller, fields) => logIn(chat, caller, fields)),
  ]
}

// By HTTP: registering and logging in

interface Answer {
  readonly status: number
  readonly body: object
}
type Action = (caller: Caller, fields: Record<string, unknown>) => Promise<Answer>

const form = (path: string, { services, allowsOrigin }: GatewayHost, act: Action): Route => ({
  path,
  async handleRequest(request, response, { url, address }) {
    const { status, body } = await answerOf(async () => {
      if (request.method !== 'POST')
        return { status: 405, body: refusalBody('invalid-input', 'Ask by POST.') }
      if (isForeignPage(request, allowsOrigin))
        return { status: 403, body: refusalBody('not-allowed', 'This origin may not call.') }
      return act({ address }, await fieldsOf(request, url.searchParams))
    }, services.chat)
    answerJson(response, status, body)
  },
})

const refusalBody = (code: string, message: string) => ({ type: 'error', code, message })

async function answerOf(act: () => Promise<Answer>, chat: Chat): Promise<Answer> {
  try {
    return await act()
  } catch (error) {
    const { code, message } = said(chat, error, { username: 'Username', password: 'Password' })
    const status = error instanceof ZodError ? 400 : (statuses[code] ?? 500)
    return { status, body: refusalBody(code, message) }
  }
}

/** What the note has a status for, and the nearest for what it has none. */
const statuses: Readonly<Record<string, number>> = {
  'username-taken': 409,
  'wrong-credentials': 401,
  'invalid-input': 400,
  'password-common': 400,
  'sign-up-closed': 403,
  'account-disabled': 403,
  'too-large': 413,
  'rate-limited': 429,
  'too-many': 429,
  'storage-full': 503,
}

const Credentials = z
  .object({ Username: z.string(), Password: z.string() })
  .transform(({ Username: username, Password: password }) => ({ username, password, deviceName }))

/** Makes the account; who registers is offline until logged in. */
async function register(chat: Chat, caller: Caller, fields: unknown): Promise<Answer> {
  const signedIn = await signUp(chat, caller, SignUp.parse(Credentials.parse(fields)))
  await signOut(chat, actorOf(signedIn))
  const { id: UserID, username: Username } = signedIn.account
  return { status: 200, body: { UserID, Username, Status: 'Offline' } }
}

/** The note tells an unknown name from a wrong password, which the typed API does not. */
async function logIn(chat: Chat, caller: Caller, fields: unknown): Promise<Answer> {
  const input = SignIn.parse(Credentials.parse(fields))
  try {
    const signedIn = await signIn(chat, caller, input)
    const Details = await loadDetails(chat, actorOf(signedIn))
    const { token: Authentication_Token, account } = signedIn
    return { status: 200, body: { Authentication_Token, UserID: account.id, Details } }
  } catch (error) {
    const isWrong = error instanceof Refusal && error.kind === 'wrong-credentials'
    if (!isWrong || (await chat.db.read.accounts.byUsername(input.username))) throw error
    return { status: 400, body: refusalBody('wrong-credentials', 'Username: there is no such user.') }
  }
}

// On the socket: one connection, of the token that it was opened with

class Table {
  readonly #seat: Seat
  readonly #token: string

  constructor(seat: Seat, token: string) {
    this.#seat = seat
    this.#token = token
  }

  get #chat(): Chat {
    return this.#seat.chat
  }

  /** What was asked and answered while the account was away follows; and from exactly there on, what happens. */
  async open(): Promise<void> {
    const actor = await authenticate(this.#chat, this.#token)
    if (!actor) throw new Refusal('signed-out', 'token: is of no session; log in again.', { field: 'token' })
    await this.#seat.take(actor, { isOurs: false })
    const { invitations, head } = await this.#chat.db.read.at(async (read, position) => ({
      invitations: (await listRequests(this.#chat, read, actor.accountId)).invitations,
      head: position,
    }))
    for (const invitation of invitations) {
      await this.#tellAsked(actor, invitation)
      if (invitation.fromId === actor.accountId) await this.#tellSession(actor, invitation)
    }
    this.#seat.hear(head, (entry) => this.#translate(actor, entry))
  }

  #actor(): Actor {
    const { actor } = this.#seat
    if (!actor) throw new Error('A message was heard before its connection was open.')
    return actor
  }

  /** Stored, and then told to every connection of every member, this one among them. */
  async send({ SessionID, Message }: z.infer<typeof MessageFrame>): Promise<void> {
    const { data: text, TimeStamp: statedTime } = Message
    await sayText(this.#chat, this.#actor(), { conversationId: SessionID, text, statedTime })
  }

  async search(username: string): Promise<void> {
    const accountId = await this.#accountOf(username, 'Username')
    await sendInvitation(this.#chat, this.#actor(), { accountId })
  }

  async answer(username: string, accepted: boolean): Promise<void> {
    const fromId = await this.#accountOf(username, 'username')
    const settle = accepted ? acceptInvitation : declineInvitation
    await settle(this.#chat, this.#actor(), fromId)
  }

  async #accountOf(username: string, field: string): Promise<AccountId> {
    const found = await this.#chat.db.read.accounts.byUsername(username)
    if (!found) throw new Refusal('not-found', `${field}: there is no such user.`, { field })
    return found.id
  }

  async #translate(actor: Actor, entry: Entry): Promise<void> {
    if (entry.kind === 'invitation') {
      await this.#tellAsked(actor, entry.invitation)
      await this.#tellSession(actor, entry.invitation)
    }
    if (entry.kind !== 'message') return
    const { id, conversationId, authorId } = entry.message
    const data = textOf(entry.message)
    if (data === null) return
    this.#seat.say({
      [conversationId]: { [id]: { data, TimeStamp: timeOf(entry.message), Sender: authorId } },
    })
  }

  async #tellAsked(actor: Actor, { state, fromId, toId }: Invitation): Promise<void> {
    if (state !== 'waiting' || toId !== actor.accountId) return
    this.#seat.say({ type: 'Search', UserName: await this.#usernameOf(fromId) })
  }

  /** Both learn of it; who sent the invitation is marked as told as soon as the socket has it, and so is told once. */
  async #tellSession(actor: Actor, { state, fromId, toId, conversationId, seen }: Invitation): Promise<void> {
    if (state !== 'accepted' || seen) return
    const other = fromId === actor.accountId ? toId : fromId
    const Users = { [other]: await this.#usernameOf(other) }
    this.#seat.say({ type: 'Session', SessionID: conversationId, Users })
    if (fromId !== actor.accountId) return
    this.#seat.whenSaid(() => markInvitationSeen(this.#chat, actor, toId))
  }

  async #usernameOf(accountId: AccountId): Promise<string> {
    return (await this.#chat.db.read.accounts.byId(accountId))?.username ?? accountId
  }
}
