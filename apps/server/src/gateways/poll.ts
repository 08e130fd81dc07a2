import type { IncomingMessage, ServerResponse } from 'node:http'
import { peopleNamed } from '@parley/chat/accounts/people'
import { authenticate, signOut } from '@parley/chat/accounts/sessions'
import { signIn } from '@parley/chat/accounts/sign-in'
import { signUp } from '@parley/chat/accounts/sign-up'
import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { makeGroup } from '@parley/chat/conversations/make'
import { addMembers, listMembers } from '@parley/chat/conversations/members'
import { mustBeMember } from '@parley/chat/conversations/standing'
import { type Person, SearchPeople, SignIn, SignUp } from '@parley/domain/accounts'
import { ListMembers, MakeGroup } from '@parley/domain/conversations'
import { AccountId, ConversationId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { z } from 'zod'
import type { Route, Visit } from '../http/routes.ts'
import type { Gateway, GatewayHost } from './gateway.ts'
import { HeldPolls } from './held-polls.ts'
import { fieldsOf, isForeignPage } from './input.ts'
import { namedPeopleMax } from './limits.ts'
import { Recent } from './recent.ts'
import { sayText } from './saying.ts'
import { actorOf } from './seat.ts'
import { said } from './table.ts'

const path = '/gateway/poll/'
const deviceName = 'Gateway: poll'
const cookieName = 'parley_poll'

/** One request, with what it brought. */
interface Asked {
  readonly fields: Record<string, unknown>
  readonly visit: Visit
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** What is answered: something to be made JSON, JSON that is ready, or nothing, as nobody waits for it. */
type Answer = object | Buffer | null

type Action = { readonly method: 'GET' | 'POST' } & (
  | { readonly open: (asked: Asked) => Promise<Answer> }
  | { readonly act: (actor: Actor, asked: Asked) => Promise<Answer> }
)

const Room = z.object({ chatroomid: ConversationId })
const Post = z.object({ ...Room.shape, message: z.string() })
const Addition = z.object({ ...Room.shape, usertoadd: AccountId })
const Credentials = z.object({ username: z.string(), password: z.string() })
const Name = z.object({ name: SearchPeople.shape.words })

const fieldNames = {
  conversationId: 'chatroomid',
  accountId: 'usertoadd',
  content: 'message',
  'content.text': 'message',
  'content.sealed': 'message',
}

export const poll: Gateway = (host) => [new PollRoute(host)]

/** Note 004: plain HTTP with long polling, and a cookie. */
class PollRoute implements Route {
  readonly path = path
  readonly #chat: Chat
  readonly #host: GatewayHost
  readonly #held: HeldPolls
  readonly #recent: Recent
  readonly #actions: ReadonlyMap<string, Action>

  constructor(host: GatewayHost) {
    this.#host = host
    this.#chat = host.services.chat
    this.#held = new HeldPolls(this.#chat)
    this.#recent = new Recent(this.#chat)
    this.#actions = new Map<string, Action>([
      ['register', { method: 'POST', open: (asked) => this.#register(asked) }],
      ['login', { method: 'POST', open: (asked) => this.#logIn(asked) }],
      ['logout', { method: 'POST', act: (actor, asked) => this.#logOut(actor, asked) }],
      ['message/chatrooms', { method: 'GET', act: (actor) => this.#rooms(actor) }],
      ['message/getUser', { method: 'GET', act: (_actor, asked) => this.#people(asked) }],
      ['message/longpoll', { method: 'GET', act: (actor, asked) => this.#poll(actor, asked) }],
      ['message/endpoll', { method: 'GET', act: (actor, asked) => this.#endPolls(actor, asked) }],
      ['message/sendMessage', { method: 'POST', act: (actor, asked) => this.#send(actor, asked) }],
      ['message/newChatroom', { method: 'POST', act: (actor) => this.#makeRoom(actor) }],
      ['message/addToChatroom', { method: 'POST', act: (actor, asked) => this.#add(actor, asked) }],
      [
        'message/chatroomParticipants',
        { method: 'GET', act: (actor, asked) => this.#participants(actor, asked) },
      ],
    ])
  }

  async handleRequest(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
    const action = this.#actions.get(visit.url.pathname.slice(path.length).replace(/\/$/, ''))
    if (!action) return answer(response, 404, { error: 'There is nothing at this path.' })
    if (request.method !== action.method) return answer(response, 405, { error: `Ask by ${action.method}.` })
    if (isForeignPage(request, this.#host.allowsOrigin))
      return answer(response, 403, { error: 'This origin may not call.' })
    try {
      const actor = await this.#actor(request)
      if (actor) await this.#chat.rates.take('call', actor.accountId)
      else await this.#chat.rates.take('call-address', visit.address)
      const fields = await fieldsOf(request, visit.url.searchParams)
      const asked = { fields, visit, request, response }
      if ('open' in action) return answer(response, 200, await action.open(asked))
      if (!actor) return answer(response, 401, { error: 'Log in first.' })
      answer(response, 200, await action.act(actor, asked))
    } catch (error) {
      const { code, message } = said(this.#chat, error, fieldNames)
      answer(response, statuses[code] ?? 500, { error: message })
    }
  }

  /** Polls that are held are let go, as when their time is up. */
  async close(): Promise<void> {
    this.#held.endAll()
  }

  async #actor({ headers }: IncomingMessage): Promise<Actor | null> {
    const [, token] = cookie.exec(headers.cookie ?? '') ?? []
    return token === undefined ? null : authenticate(this.#chat, token)
  }

  // Accounts

  async #register({ fields, visit }: Asked): Promise<Answer> {
    const input = SignUp.parse({ ...Credentials.parse(fields), deviceName })
    const signedIn = await signUp(this.#chat, visit, input)
    await signOut(this.#chat, actorOf(signedIn))
    return { userid: signedIn.account.id, username: signedIn.account.username }
  }

  async #logIn({ fields, visit, response }: Asked): Promise<Answer> {
    const input = SignIn.parse({ ...Credentials.parse(fields), deviceName })
    const { token, account } = await signIn(this.#chat, visit, input)
    response.setHeader('Set-Cookie', this.#cookie(token))
    return { userid: account.id, username: account.username }
  }

  async #logOut(actor: Actor, { response }: Asked): Promise<Answer> {
    await signOut(this.#chat, actor)
    response.setHeader('Set-Cookie', `${this.#cookie('')}; Max-Age=0`)
    return { ok: true }
  }

  #cookie(token: string): string {
    const secure = this.#host.isSecure ? '; Secure' : ''
    return `${cookieName}=${token}; Path=${path}; HttpOnly; SameSite=Lax${secure}`
  }

  /** A list, or as the note says an empty object when nobody is called so. */
  async #people({ fields }: Asked): Promise<Answer> {
    const { name: words } = Name.parse(fields)
    const people = await peopleNamed(this.#chat, { words, limit: namedPeopleMax })
    return people.length === 0 ? {} : people.map(personOf)
  }

  // Rooms

  async #rooms({ accountId }: Actor): Promise<Answer> {
    const rooms = await this.#chat.db.read.members.channelsOf(accountId)
    return rooms.map(({ conversationId }) => conversationId)
  }

  /** Its maker administers it, and alone lets others in. */
  async #makeRoom(actor: Actor): Promise<Answer> {
    const { id } = await makeGroup(this.#chat, actor, MakeGroup.parse({ name: 'Chatroom' }))
    return { chatroomid: id }
  }

  async #add(actor: Actor, { fields }: Asked): Promise<Answer> {
    const { chatroomid, usertoadd } = Addition.parse(fields)
    await addMembers(this.#chat, actor, { conversationId: chatroomid, accountIds: [usertoadd] })
    const conversation = await this.#chat.db.read.conversations.byId(chatroomid)
    const administrator = conversation?.founderId ?? null
    return { chatroomid, administrator, participants: await this.#peopleIn(actor, chatroomid) }
  }

  async #participants(actor: Actor, { fields }: Asked): Promise<Answer> {
    return this.#peopleIn(actor, Room.parse(fields).chatroomid)
  }

  async #peopleIn(actor: Actor, conversationId: ConversationId): Promise<object[]> {
    const people: object[] = []
    let after: AccountId | undefined
    do {
      const limit = participantsPerPageMax
      const page = await listMembers(this.#chat, actor, ListMembers.parse({ conversationId, after, limit }))
      people.push(...page.members.map(({ person }) => personOf(person)))
      after = page.next ?? undefined
    } while (after !== undefined)
    return people
  }

  // Messages

  /** Stored first; that ends the polls. */
  async #send(actor: Actor, { fields }: Asked): Promise<Answer> {
    const { chatroomid, message: text } = Post.parse(fields)
    const { messageId } = await sayText(this.#chat, actor, { conversationId: chatroomid, text })
    return this.#recent.of(actor, chatroomid, messageId)
  }

  async #poll(actor: Actor, { fields, response }: Asked): Promise<Answer> {
    const { chatroomid: room } = Room.parse(fields)
    // From the moment of asking on: what is posted while membership is looked up counts.
    const from = this.#chat.delivery.head()
    await mustBeMember(this.#chat, actor.accountId, room)
    if (response.destroyed) return null
    const whenGone = (call: () => void) => void response.once('close', call)
    const why = await this.#held.hold(actor, { room, from, whenGone })
    switch (why.kind) {
      case 'posted':
      case 'ended':
        return this.#recent.of(actor, room, why.at)
      case 'quiet':
        return []
      case 'gone':
        return null
      case 'left':
        throw new Refusal('not-a-member', 'You are no longer in this room.', { field: 'conversationId' })
      case 'signed-out':
        throw new Refusal('signed-out', 'This session has ended: log in again.')
      case 'failed':
        throw new Refusal('shutting-down', 'The poll could not be held: try again.')
    }
  }

  async #endPolls(actor: Actor, { fields }: Asked): Promise<Answer> {
    const { chatroomid: room } = Room.parse(fields)
    await mustBeMember(this.#chat, actor.accountId, room)
    this.#held.end(actor.accountId, room)
    return { ok: true }
  }
}

const participantsPerPageMax = 1_000

const cookie = new RegExp(`(?:^|; *)${cookieName}=([\\w-]{1,512})(?:;|$)`)

/** Failure is 500, as the note says; but for who is not logged in. */
const statuses: Readonly<Record<string, number>> = {
  'signed-out': 401,
  'wrong-credentials': 401,
  'account-disabled': 401,
}

const personOf = ({ id, username, displayName }: Person) => ({ userid: id, username, name: displayName })

function answer(response: ServerResponse, status: number, body: Answer): void {
  if (body === null || response.destroyed) return
  const json = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': json.length,
    'Cache-Control': 'no-store',
  })
  response.end(json)
}
