import { signInByIdentity } from '@parley/chat/accounts/identities'
import type { Actor } from '@parley/chat/actor'
import type { Chat } from '@parley/chat/chat'
import { type Bridge, identityByBridge } from '@parley/chat/identity/bridge'
import { sendToPerson } from '@parley/chat/messages/send'
import { AccountId } from '@parley/domain/ids'
import { PlainContent, StatedTime } from '@parley/domain/messages'
import { Refusal } from '@parley/domain/refusal'
import { BridgeSignIn } from '@parley/domain/server'
import type { Entry } from '@parley/domain/stream'
import { z } from 'zod'
import type { Gateway } from './gateway.ts'
import { newClientMessageId, textOf, timeOf } from './saying.ts'
import { actorOf, type Seat } from './seat.ts'
import { GatewayProtocol, type Note } from './speaker.ts'
import { kindsOf } from './table.ts'

/** An id of the host application's; a number is as good as its digits. */
const UId = z.union([z.string().min(1).max(255), z.int().transform(String)])

const AuthRequest = z.object({ SESSID: BridgeSignIn.shape.hostSession })

const SendRequest = z.object({
  id: z.union([z.string(), z.number()]),
  message: z.object({
    timeStamp: StatedTime,
    touID: UId,
    content: PlainContent.shape.text.refine((text) => text.trim() !== '', 'must hold text'),
  }),
})

const kind = kindsOf<Desk>()

/** Note 001: chat beside a web application, whose sessions are good here, between people who are both connected. */
const note = (bridge: Bridge): Note<Desk> => ({
  kinds: new Map([
    ['auth-request', kind(AuthRequest, (desk, { SESSID }) => desk.authenticate(SESSID))],
    ['message-send-request', kind(SendRequest, (desk, request) => desk.send(request))],
  ]),
  fieldNames: { hostSession: 'SESSID', accountId: 'message.touID', content: 'message.content' },
  begin: (seat) => new Desk(seat, bridge),
  refusal: (_type, { code, message }) => ({ type: 'error', code, message }),
})

export const direct: Gateway = ({ services, sockets }) => {
  const { chat, bridge } = services
  if (!bridge) throw new Error('The gateway "direct" needs the setting bridge.verifyUrl.')
  const protocol = new GatewayProtocol(chat, note(bridge))
  return [protocol.route('/gateway/direct', sockets)]
}

/** One connection, of whoever the web application says. */
class Desk {
  readonly #seat: Seat
  readonly #bridge: Bridge
  #uID: string | null = null

  constructor(seat: Seat, bridge: Bridge) {
    this.#seat = seat
    this.#bridge = bridge
  }

  get #chat(): Chat {
    return this.#seat.chat
  }

  async authenticate(SESSID: string): Promise<void> {
    const identity = await this.#identity(SESSID)
    if (identity && this.#seat.actor && identity.subject !== this.#uID) {
      throw new Refusal('identity-unverified', 'SESSID: is of another user than this connection.', {
        field: 'SESSID',
      })
    }
    if (!identity || this.#seat.actor) return this.#respond(identity !== null)
    const options = { deviceName: 'Gateway: direct', admitted: true }
    const actor = actorOf(await signInByIdentity(this.#chat, identity, options))
    const head = this.#chat.delivery.head()
    await this.#seat.take(actor, { isOurs: true })
    this.#uID = identity.subject
    this.#respond(true)
    this.#seat.hear(head, (entry) => this.#translate(actor, entry))
  }

  #respond(response: boolean): void {
    this.#seat.say({ type: 'auth-response', response })
  }

  /** Whom the application names; null when it names nobody, or does not say in time, which it has logged. */
  async #identity(SESSID: string) {
    try {
      return await identityByBridge(this.#chat, this.#bridge, this.#seat.caller, SESSID)
    } catch (error) {
      if (error instanceof Refusal && notLoggedIn.has(error.kind)) return null
      throw error
    }
  }

  async send({ id, message }: z.infer<typeof SendRequest>): Promise<void> {
    const { actor } = this.#seat
    if (!actor) return
    const { timeStamp, touID, content } = message
    const to = await this.#account(touID)
    if (!to || !this.#chat.presences.isOnline(to)) {
      const reason = 'receiving-user-not-connected'
      return this.#seat.say({ type: 'send-request-response', response: { id, value: false, reason } })
    }
    await sendToPerson(this.#chat, actor, {
      accountId: to,
      clientMessageId: newClientMessageId(),
      content: { kind: 'plain', text: content },
      statedTime: timeStamp,
    })
    this.#seat.say({ type: 'send-request-response', response: { id, value: true } })
  }

  /** The application's users go by its ids, everybody else by ours. */
  async #account(uID: string): Promise<AccountId | null> {
    const { accounts } = this.#chat.db.read
    const known = await accounts.byIdentity(this.#bridge.issuer, uID)
    if (known) return known.id
    const ours = AccountId.safeParse(uID)
    return ours.success ? ((await accounts.byId(ours.data))?.id ?? null) : null
  }

  async #translate(actor: Actor, entry: Entry): Promise<void> {
    if (entry.kind !== 'message' || entry.message.authorId === actor.accountId) return
    const { conversationId, authorId } = entry.message
    const { accounts, conversations } = this.#chat.db.read
    const content = textOf(entry.message)
    if (content === null || (await conversations.byId(conversationId))?.kind !== 'direct') return
    const fromuID = (await accounts.subjectOf(authorId, this.#bridge.issuer)) ?? authorId
    const timeStamp = timeOf(entry.message)
    this.#seat.say({ type: 'message', message: { timeStamp, fromuID, touID: this.#uID, content } })
  }
}

/** A server too busy to ask counts as one that got no answer in time. */
const notLoggedIn: ReadonlySet<string> = new Set([
  'identity-unverified',
  'identity-provider-unavailable',
  'too-many',
])
