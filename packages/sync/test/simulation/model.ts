import type { Me, Person } from '@parley/domain/accounts'
import type { Conversation, Member, MyConversation } from '@parley/domain/conversations'
import { AccountId, ClientConversationId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import type { History, Message } from '@parley/domain/messages'
import type { Entry, Snapshot } from '@parley/domain/stream'
import { mayInConversation, mayRemove, type Action as Right } from '@parley/domain/permissions'
import type { Call, Done } from '@parley/sync/outbox/calls'
import type { PageWish } from '@parley/sync/ports'
import { changedBy } from '@parley/sync/overlay/messages'
import { Files } from './files.ts'
import { refuse } from './refuse.ts'

export interface Membership extends Member {
  joinedPosition: number
  readUpTo: number
  readOrdinal: number
}

export interface Room {
  readonly madeBy: AccountId
  conversation: Conversation
  readonly members: Map<AccountId, Membership>
  readonly messages: Message[]
}

type Body = Entry extends infer E ? (E extends Entry ? Omit<E, 'position'> : never) : never

/** What a server does, without one: each call is one step, and the log says what became of it. */
export class Model {
  logId = 'log-1'
  head = 0
  /** The log reaches back to here. */
  keptAfter = 0
  readonly people = new Map<AccountId, Person>()
  readonly rooms = new Map<ConversationId, Room>()
  readonly #files = new Files()
  readonly #log: { readonly channel: AccountId | ConversationId; readonly entry: Entry }[] = []
  readonly #listeners = new Set<() => void>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  addPerson(name: string): Person {
    const id = AccountId.parse(`a${name.padEnd(15, '_')}`)
    const person = {
      id,
      username: name,
      displayName: name,
      name: '',
      lastName: '',
      bot: false,
      disabled: false,
    }
    this.people.set(id, person)
    return person
  }

  get files(): Files {
    return this.#files
  }

  me(id: AccountId): Me {
    const person = this.people.get(id) ?? refuse('not-found')
    return { ...person, operator: false, ownerId: null, hasPassword: true, createdAt: 0 }
  }

  snapshot(me: AccountId): Snapshot {
    return {
      cursor: Position.parse(this.head),
      logId: this.logId,
      me: this.me(me),
      conversations: this.mine(me),
      next: null,
      requests: { toDecide: [], mine: [], invitations: [] },
    }
  }

  mine(me: AccountId): MyConversation[] {
    return [...this.rooms.values()].flatMap(({ conversation, members, messages }) => {
      const member = members.get(me)
      if (!member) return []
      const unread = messages.length - member.readOrdinal
      return [
        {
          conversation,
          role: member.role,
          memberCount: members.size,
          lastMessage: messages.at(-1) ?? null,
          readUpTo: member.readUpTo,
          unread,
          mentions: 0,
        },
      ]
    })
  }

  page(me: AccountId, { conversationId, before, after, around, limit }: PageWish): History {
    const { messages } = this.#standing(me, conversationId, 'read').room
    const end = before ?? (around === undefined ? Infinity : around + 1)
    const fits = messages.filter(({ id }) => id < end && id > (after ?? 0))
    const page = after === undefined ? fits.slice(-limit) : fits.slice(0, limit)
    return { messages: page, hasOlder: false, hasNewer: false }
  }

  members(me: AccountId, id: ConversationId) {
    return [...this.#standing(me, id, 'read').room.members.values()]
  }

  /** What an account may see after a cursor; what it says of a message is what the message says now. */
  entriesAfter(me: AccountId, cursor: number): Entry[] {
    return this.#log.flatMap(({ channel, entry }) => {
      if (entry.position <= cursor || !this.#maySee(me, channel, entry.position)) return []
      return [entry.kind === 'message' ? { ...entry, message: this.#message(entry.message.id) } : entry]
    })
  }

  #maySee(me: AccountId, channel: AccountId | ConversationId, position: number): boolean {
    if (channel === me) return true
    const member = this.rooms
      .get(ConversationId.safeParse(channel).data ?? ConversationId.parse(none))
      ?.members.get(me)
    return member !== undefined && position >= member.joinedPosition
  }

  #message(id: MessageId): Message {
    for (const { messages } of this.rooms.values()) {
      const found = messages.find((message) => message.id === id)
      if (found) return found
    }
    throw new Error('No such message')
  }

  perform(me: AccountId, call: Call): Done {
    const before = this.head
    try {
      return this.#perform(me, call)
    } finally {
      if (this.head > before) for (const listener of [...this.#listeners]) listener()
    }
  }

  #perform(me: AccountId, call: Call): Done {
    switch (call.kind) {
      case 'send':
        return this.#send(me, call)
      case 'edit':
      case 'delete':
      case 'react':
        return this.#change(me, call)
      case 'mark-read': {
        const { room, member } = this.#standing(me, call.conversationId, 'read')
        const read = room.messages.findLast(({ id }) => id <= call.messageId)
        const moved = call.messageId > member.readUpTo
        if (moved)
          Object.assign(member, {
            readUpTo: call.messageId,
            readOrdinal: Math.max(member.readOrdinal, read?.ordinal ?? 0),
          })
        const marker = {
          conversationId: call.conversationId,
          readUpTo: member.readUpTo,
          unread: room.messages.length - member.readOrdinal,
          mentions: 0,
        }
        if (moved) this.#append(me, { kind: 'read', ...marker })
        return { kind: 'read', marker }
      }
      case 'make-group':
        return this.#makeGroup(me, call)
      case 'rename': {
        const { room } = this.#standing(me, call.conversationId, 'rename')
        room.conversation = { ...room.conversation, name: call.name }
        this.#append(call.conversationId, { kind: 'conversation', conversation: room.conversation })
        return { kind: 'conversation', conversation: room.conversation }
      }
      case 'join': {
        const room = this.rooms.get(call.conversationId) ?? refuse('not-found')
        if (room.members.has(me)) refuse('already-a-member')
        this.#admit(room, me, 'member', null)
        return { kind: 'done' }
      }
      case 'leave': {
        const { room, member } = this.#standing(me, call.conversationId, 'read')
        if (member.role === 'founder') refuse('founder-must-stay')
        this.#dismiss(room, me, me)
        return { kind: 'done' }
      }
      case 'add-members': {
        const { room } = this.#standing(me, call.conversationId, 'add-members')
        for (const id of call.accountIds) if (!room.members.has(id)) this.#admit(room, id, 'member', me)
        return { kind: 'done' }
      }
      case 'remove-member': {
        const { room, member } = this.#standing(me, call.conversationId, 'remove-member')
        const target = room.members.get(call.accountId) ?? refuse('not-found')
        if (!mayRemove(member.role, target.role)) refuse('not-allowed')
        this.#dismiss(room, call.accountId, me)
        return { kind: 'done' }
      }
      default:
        throw new Error(`The model knows nothing of ${call.kind}`)
    }
  }

  #send(me: AccountId, call: Extract<Call, { kind: 'send' }>): Done {
    for (const { messages } of this.rooms.values()) {
      const first = messages.find(
        ({ authorId, clientMessageId }) => authorId === me && clientMessageId === call.operationId,
      )
      if (!first) continue
      const { id, ordinal, sentAt } = first
      return { kind: 'sent', sent: { messageId: id, ordinal, sentAt, repeated: true } }
    }
    const { room, member } = this.#standing(me, call.conversationId, 'send')
    const attachments = this.#files.take(me, call.attachmentIds ?? [])
    const message: Message = {
      id: MessageId.parse(this.head + 1),
      conversationId: call.conversationId,
      authorId: me,
      clientMessageId: call.operationId,
      ordinal: room.messages.length + 1,
      sentAt: this.#now(),
      content: call.content,
      ...(call.replyTo !== undefined && { replyTo: call.replyTo }),
      ...(attachments.length > 0 && { attachments }),
    }
    room.messages.push(message)
    Object.assign(member, { readUpTo: message.id, readOrdinal: message.ordinal })
    this.#append(call.conversationId, { kind: 'message', message })
    return {
      kind: 'sent',
      sent: { messageId: message.id, ordinal: message.ordinal, sentAt: message.sentAt, repeated: false },
    }
  }

  #change(me: AccountId, call: Extract<Call, { kind: 'edit' | 'delete' | 'react' }>): Done {
    const { room } = this.#standing(me, call.conversationId, 'send')
    const index = room.messages.findIndex(({ id }) => id === call.messageId)
    const before = room.messages[index] ?? refuse('not-found')
    if (before.content.kind === 'deleted') refuse('message-deleted')
    if (call.kind !== 'react' && before.authorId !== me) refuse('not-allowed')
    const changed: unknown = changedBy(before, call, me, this.#now())
    const message = JSON.parse(JSON.stringify(changed)) as Message
    if (JSON.stringify(message) === JSON.stringify(before)) return { kind: 'done' }
    room.messages[index] = message
    this.#append(call.conversationId, { kind: 'message-changed', message })
    return call.kind === 'edit' ? { kind: 'message', message } : { kind: 'done' }
  }

  #makeGroup(me: AccountId, call: Extract<Call, { kind: 'make-group' }>): Done {
    const clientConversationId = ClientConversationId.parse(call.operationId)
    for (const { conversation, madeBy, members } of this.rooms.values()) {
      if (madeBy !== me || conversation.clientConversationId !== clientConversationId) continue
      if (!members.has(me)) refuse('not-a-member')
      return { kind: 'conversation', conversation }
    }
    const conversation: Conversation = {
      id: ConversationId.parse(`c${String(this.rooms.size + 1).padStart(15, '0')}`),
      kind: 'group',
      name: call.name,
      description: call.description,
      joinPolicy: call.joinPolicy,
      listed: call.listed,
      sealed: false,
      founderId: me,
      clientConversationId,
      createdAt: this.#now(),
      closedAt: null,
    }
    const room: Room = { conversation, madeBy: me, members: new Map(), messages: [] }
    this.rooms.set(conversation.id, room)
    this.#admit(room, me, 'founder', null)
    for (const id of call.members) if (id !== me) this.#admit(room, id, 'member', me)
    return { kind: 'conversation', conversation }
  }

  #standing(me: AccountId, id: ConversationId, right: Right) {
    const room = this.rooms.get(id)
    const member = room?.members.get(me)
    if (!room || !member) return refuse('not-a-member')
    if (!mayInConversation(room.conversation.kind, member.role, right)) return refuse('not-allowed')
    return { room, member }
  }

  #admit(room: Room, id: AccountId, role: Member['role'], by: AccountId | null): void {
    const { conversation, members, messages } = room
    const member: Member = { accountId: id, role, joinedAt: this.#now() }
    const joinedPosition = this.head + 1
    const read = { readUpTo: joinedPosition, readOrdinal: messages.length }
    members.set(id, { ...member, joinedPosition, ...read })
    const memberCount = members.size
    this.#append(id, { kind: 'joined', conversation, role, memberCount })
    this.#append(conversation.id, {
      kind: 'member',
      conversationId: conversation.id,
      member,
      memberCount,
      by,
    })
  }

  #dismiss({ conversation, members }: Room, id: AccountId, by: AccountId): void {
    members.delete(id)
    this.#append(id, { kind: 'left', conversationId: conversation.id, by })
    this.#append(conversation.id, {
      kind: 'member-left',
      conversationId: conversation.id,
      accountId: id,
      memberCount: members.size,
      by,
    })
  }

  #append(channel: AccountId | ConversationId, body: Body): void {
    this.head += 1
    this.#log.push({ channel, entry: { ...body, position: Position.parse(this.head) } })
  }
}

const none = 'c_______________'
