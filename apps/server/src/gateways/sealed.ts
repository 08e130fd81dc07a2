import { type Identity, makeAccountOfIdentity, signInKnownIdentity } from '@parley/chat/accounts/identities'
import { authenticate } from '@parley/chat/accounts/sessions'
import type { Actor } from '@parley/chat/actor'
import { approveJoin, askToJoin, markJoinRequestSeen } from '@parley/chat/conversations/join-requests'
import { makeGroup } from '@parley/chat/conversations/make'
import { listGroups, listRequests } from '@parley/chat/conversations/mine'
import { standingFor } from '@parley/chat/conversations/standing'
import { identityByIdToken, type Oidc } from '@parley/chat/identity/oidc'
import { type SignedIn, Username } from '@parley/domain/accounts'
import { type JoinRequest, MakeGroup } from '@parley/domain/conversations'
import { AccountId, ConversationId, MessageId } from '@parley/domain/ids'
import { keyMaterialBytesMax, pageItemsMax, sealedContentBytesMax } from '@parley/domain/limits'
import type { Message } from '@parley/domain/messages'
import { Refusal } from '@parley/domain/refusal'
import type { Entry } from '@parley/domain/stream'
import { z } from 'zod'
import type { Gateway } from './gateway.ts'
import { listedChatsMax } from './limits.ts'
import { fromOpaque, opaqueText, toOpaque } from './opaque.ts'
import { messagesOf, sayText, textOf } from './saying.ts'
import { actorOf, type Seat } from './seat.ts'
import { GatewayProtocol, type Note } from './speaker.ts'
import { kindsOf } from './table.ts'

const deviceName = 'Gateway: sealed'

const frame = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.object({ content: z.object({ access_id: z.string().min(1).max(16_384), ...shape }) })

const ChatId = { chatId: ConversationId }
const Key = opaqueText(keyMaterialBytesMax)
/** A message is named by its number, or by that number's digits. */
const Digits = z.string().regex(/^\d{1,16}$/, 'must be the id of a message')
const AfterMessage = z.union([MessageId, Digits.transform(Number).pipe(MessageId)])

const frames = {
  signIn: frame({}),
  createUser: frame({ username: Username }),
  createChat: frame({ chatName: MakeGroup.shape.name }),
  listChats: frame({}),
  joinChat: frame({ ...ChatId, pubKey: Key }),
  allowUserToJoinChat: frame({ ...ChatId, symKey: Key, joinerId: AccountId }),
  messagePost: frame({ ...ChatId, messageContent: opaqueText(sealedContentBytesMax).min(1) }),
  messageGet: frame({ ...ChatId, messageId: AfterMessage.optional() }),
}

type Given<Type extends keyof typeof frames> = z.infer<(typeof frames)[Type]>['content']

const kind = kindsOf<Relay>()

/** Note 000: an encrypted relay in which the founder lets people in. What is sealed passes through unread. */
const note = (oidc: Oidc | null): Note<Relay> => ({
  kinds: new Map([
    ['signIn', kind(frames.signIn, (relay, { content }) => relay.signIn(content))],
    ['createUser', kind(frames.createUser, (relay, { content }) => relay.createUser(content))],
    ['createChat', kind(frames.createChat, (relay, { content }) => relay.createChat(content))],
    ['listChats', kind(frames.listChats, (relay, { content }) => relay.listChats(content))],
    ['joinChat', kind(frames.joinChat, (relay, { content }) => relay.joinChat(content))],
    ['allowUserToJoinChat', kind(frames.allowUserToJoinChat, (relay, { content }) => relay.allow(content))],
    ['messagePost', kind(frames.messagePost, (relay, { content }) => relay.post(content))],
    ['messageGet', kind(frames.messageGet, (relay, { content }) => relay.get(content))],
  ]),
  fieldNames: {
    conversationId: 'chatId',
    accountId: 'joinerId',
    content: 'messageContent',
    'content.text': 'messageContent',
    'content.sealed': 'messageContent',
  },
  begin: (seat) => new Relay(seat, oidc),
  refusal: (type, { code, message }) => ({ error: { type, code, message } }),
})

export const sealed: Gateway = ({ services, sockets }) => {
  const protocol = new GatewayProtocol(services.chat, note(services.oidc))
  return [protocol.route('/gateway/sealed', sockets)]
}

/** Whom an access id names: a session's account, or an identity, which may have an account. */
interface Named {
  readonly actor: Actor | null
  readonly identity: Identity | null
}

/** One connection, which is bound to whoever signs in first. */
class Relay {
  readonly #seat: Seat
  readonly #oidc: Oidc | null
  #bound: { accessId: string; identity: Identity | null } | null = null
  /** Acceptances that were said here, by chat, with the time of the decision. */
  readonly #accepted = new Map<ConversationId, number | null>()

  constructor(seat: Seat, oidc: Oidc | null) {
    this.#seat = seat
    this.#oidc = oidc
  }

  get #chat() {
    return this.#seat.chat
  }

  // Who is there

  /** No reply; what waits for the account follows, at each sign-in anew. */
  async signIn({ access_id }: Given<'signIn'>): Promise<void> {
    if (this.#bound) await this.#mustBeBound(access_id)
    if (this.#seat.actor) return this.#tellWaiting(this.#seat.actor, false)
    const { actor, identity } = this.#bound ? { actor: null, ...this.#bound } : await this.#named(access_id)
    const known = identity && (await signInKnownIdentity(this.#chat, identity, deviceName))
    await this.#bind(access_id, identity, { own: actor, made: known })
  }

  /** Makes the account of an identity, once; also of one that has not signed in, as it says all that is needed. */
  async createUser({ access_id, username }: Given<'createUser'>): Promise<void> {
    if (this.#bound) await this.#mustBeBound(access_id)
    const { actor, identity } = this.#bound
      ? { actor: this.#seat.actor, ...this.#bound }
      : await this.#named(access_id)
    if (actor || !identity)
      throw new Refusal('username-taken', 'There is an account for this access_id already.')
    const made = await makeAccountOfIdentity(this.#chat, identity, username, deviceName)
    this.#seat.say({ userCreated: { access_id, username, user_id: made.account.id } })
    await this.#bind(access_id, identity, { own: null, made })
  }

  /** @throws Refusal `identity-unverified`, `identity-provider-unavailable`, `rate-limited` */
  async #named(accessId: string): Promise<Named> {
    const actor = await authenticate(this.#chat, accessId)
    if (actor) return { actor, identity: null }
    if (!this.#oidc) throw notNamed('is the token of no session, and there is no identity provider here.')
    try {
      return { actor, identity: await identityByIdToken(this.#chat, this.#oidc, this.#seat.caller, accessId) }
    } catch (error) {
      throw error instanceof Refusal && error.kind === 'identity-unverified' ? notNamed(error.message) : error
    }
  }

  async #bind(
    accessId: string,
    identity: Identity | null,
    { own, made }: { own: Actor | null; made: SignedIn | null },
  ): Promise<void> {
    const actor = own ?? (made && actorOf(made))
    if (actor) await this.#seat.take(actor, { isOurs: made !== null })
    else this.#seat.line.admit()
    this.#bound = { accessId, identity }
    if (actor) await this.#tellWaiting(actor, true)
  }

  /** @throws Refusal unless the access id, or a newer one, names whom the connection is bound to. */
  async #mustBeBound(accessId: string): Promise<void> {
    const bound = this.#bound
    if (!bound) throw new Refusal('signed-out', 'Sign in first, by signIn.')
    if (bound.accessId === accessId) return
    const { actor, identity } = await this.#named(accessId)
    const isSame = identity
      ? identity.issuer === bound.identity?.issuer && identity.subject === bound.identity.subject
      : actor?.accountId === this.#seat.actor?.accountId
    if (!isSame) throw notNamed('is not of whom this connection is signed in as.')
    bound.accessId = accessId
  }

  async #actor(accessId: string): Promise<Actor> {
    await this.#mustBeBound(accessId)
    const { actor } = this.#seat
    if (!actor) throw new Refusal('signed-out', 'This identity has no account yet: make it by createUser.')
    return actor
  }

  // Chats

  async createChat({ access_id, chatName }: Given<'createChat'>): Promise<void> {
    const actor = await this.#actor(access_id)
    const input = MakeGroup.parse({ name: chatName, joinPolicy: 'approval', listed: true, sealed: true })
    const { id, name } = await makeGroup(this.#chat, actor, input)
    this.#seat.say({ chatCreated: { chatId: id, chatName: name } })
  }

  async listChats({ access_id }: Given<'listChats'>): Promise<void> {
    const actor = await this.#actor(access_id)
    const chats: { chatId: ConversationId; chatName: string }[] = []
    let after: string | undefined
    do {
      const page = await listGroups(this.#chat, actor, { limit: pageItemsMax, after })
      chats.push(...page.groups.map(({ id, name }) => ({ chatId: id, chatName: name })))
      after = page.next ?? undefined
    } while (after !== undefined && chats.length < listedChatsMax)
    this.#seat.say({ chats })
  }

  /** No reply; the founder is asked, now or when next here. */
  async joinChat({ access_id, chatId, pubKey }: Given<'joinChat'>): Promise<void> {
    const actor = await this.#actor(access_id)
    await askToJoin(this.#chat, actor, { conversationId: chatId, keyMaterial: toOpaque(pubKey) })
  }

  /** Only the founder lets people in here, though admins may elsewhere. */
  async allow({ access_id, chatId, symKey, joinerId }: Given<'allowUserToJoinChat'>): Promise<void> {
    const actor = await this.#actor(access_id)
    const { member } = await standingFor(this.#chat.db.read, actor, chatId, 'decide-requests')
    if (member.role !== 'founder')
      throw new Refusal('not-allowed', 'Only the founder lets people into this chat.')
    const decision = { conversationId: chatId, accountId: joinerId, grant: toOpaque(symKey) }
    await approveJoin(this.#chat, actor, decision)
  }

  // Messages

  async post({ access_id, chatId, messageContent }: Given<'messagePost'>): Promise<void> {
    const actor = await this.#actor(access_id)
    await sayText(this.#chat, actor, { conversationId: chatId, text: messageContent })
    this.#seat.say({ response: 'Message posted successfully' })
  }

  /** All of them, however many: a page when the one before has been taken. */
  async get({ access_id, chatId, messageId }: Given<'messageGet'>): Promise<void> {
    const actor = await this.#actor(access_id)
    let after: MessageId | 0 | undefined = messageId ?? 0
    while (after !== undefined && !this.#seat.isGone) {
      const page = { conversationId: chatId, after, limit: pageItemsMax }
      const { messages, hasNewer } = await messagesOf(this.#chat, actor, page)
      for (const message of messages) this.#sayMessage(message)
      after = hasNewer ? messages.at(-1)?.id : undefined
      await this.#seat.room()
    }
  }

  #sayMessage(message: Message): void {
    const messageContent = textOf(message)
    if (messageContent === null) return
    const { id, authorId, conversationId } = message
    this.#seat.say({
      receivedMessage: { user_id: authorId, chatId: conversationId, messageId: id, messageContent },
    })
  }

  // What happens

  /** What was decided and asked while the account was away; and from exactly there on, what happens. */
  async #tellWaiting(actor: Actor, isNew: boolean): Promise<void> {
    const { requests, head } = await this.#chat.db.read.at(async (read, position) => ({
      requests: await listRequests(this.#chat, read, actor.accountId),
      head: position,
    }))
    for (const request of [...requests.toDecide, ...requests.mine]) {
      await this.#tell(actor, request)
      await this.#seat.room()
    }
    if (isNew) this.#seat.hear(head, (entry) => this.#translate(actor, entry))
  }

  async #translate(actor: Actor, entry: Entry): Promise<void> {
    if (entry.kind === 'message') this.#sayMessage(entry.message)
    if (entry.kind === 'join-request') await this.#tell(actor, entry.request)
  }

  async #tell(actor: Actor, request: JoinRequest): Promise<void> {
    const isMine = request.accountId === actor.accountId
    if (request.state === 'waiting' && !isMine) await this.#tellAsked(actor, request)
    if (request.state === 'approved' && isMine && !request.seen) await this.#tellAccepted(actor, request)
  }

  async #tellAsked(
    actor: Actor,
    { accountId, conversationId, keyMaterial = '' }: JoinRequest,
  ): Promise<void> {
    const conversation = await this.#chat.db.read.conversations.byId(conversationId)
    if (conversation?.founderId !== actor.accountId) return
    const pubKey = fromOpaque(keyMaterial)
    this.#seat.say({ requestToJoinChat: { joinerId: accountId, pubKey, chatId: conversationId } })
  }

  /** Once: whoever is told is marked as told as soon as the socket has it. One who was removed since gets no key. */
  async #tellAccepted(actor: Actor, request: JoinRequest): Promise<void> {
    const { conversationId, decidedAt, grant = '' } = request
    if (this.#accepted.get(conversationId) === decidedAt) return
    if (!(await this.#chat.db.read.members.get(conversationId, actor.accountId))) return
    this.#accepted.set(conversationId, decidedAt)
    this.#seat.say({ acceptedToChat: { symKey: fromOpaque(grant), chatId: conversationId } })
    this.#seat.whenSaid(() => markJoinRequestSeen(this.#chat, actor, conversationId))
  }
}

const notNamed = (reason: string) =>
  new Refusal('identity-unverified', `access_id: ${reason}`, { field: 'access_id' })
