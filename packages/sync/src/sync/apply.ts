import type { Entry } from '@parley/domain/stream'
import type { Conversation, Joined } from '@parley/domain/conversations'
import {
  changeConversation,
  forgetConversation,
  heldConversation,
  holdsConversation,
  putConversation,
} from '../store/conversations.ts'
import { holdsMessage } from '../store/messages.ts'
import { dropMember, putMember, putPerson } from '../store/people.ts'
import { putInvitation, putJoinRequest } from '../store/requests.ts'
import type { Store, Touch } from '../store/store.ts'
import { confirmMade, fresh, settleFounded, takeMarker, takeMessage, takeNewest } from './take.ts'

/**
 * Takes an entry of the log into the store. Entries say how something now is, so that taking one twice does no harm,
 * which the engine makes use of: what comes while an answer is under way is taken again after the answer.
 */
export function apply(store: Store, touch: Touch, entry: Entry): void {
  const { connection } = store
  switch (entry.kind) {
    case 'message':
      if (!holdsConversation(connection, entry.message.conversationId)) return
      takeMessage(store, touch, entry.message)
      takeNewest(store, touch, entry.message)
      return
    case 'message-changed':
      // One that is not held comes as it is by then, when it comes.
      if (!holdsMessage(connection, entry.message.id)) return
      takeMessage(store, touch, entry.message)
      touch('conversations')
      return
    case 'conversation':
      changeConversation(connection, entry.conversation.id, () => ({ conversation: entry.conversation }))
      touch('conversations')
      touch(`conversation:${entry.conversation.id}`)
      return
    case 'member':
    case 'member-left':
      applyMember(store, touch, entry)
      return
    case 'joined':
      applyJoined(store, touch, entry)
      return
    case 'left':
      forgetConversation(connection, entry.conversationId)
      for (const topic of ['conversation', 'members', 'typing'] as const)
        touch(`${topic}:${entry.conversationId}`)
      touch('conversations')
      return
    case 'read':
      takeMarker(store, touch, entry, entry.position)
      return
    case 'join-request':
      putJoinRequest(connection, entry.request)
      touch('requests')
      return
    case 'invitation':
      putInvitation(connection, entry.invitation)
      touch('requests')
      return
    case 'person':
      applyPerson(store, touch, entry)
      return
    case 'session-ended':
      // The connection of that session says so itself.
      return
    case 'device-list':
    case 'chain':
    case 'grants':
    case 'key-request':
    case 'link-request':
    case 'link-answer':
    case 'backup':
      // What is made of these was made before.
      return
  }
}

type EntryOf<Kind extends Entry['kind']> = Extract<Entry, { kind: Kind }>

function applyMember(store: Store, touch: Touch, entry: EntryOf<'member' | 'member-left'>): void {
  const { connection, account } = store
  const { conversationId, memberCount } = entry
  if (heldConversation(connection, conversationId) === null) return
  if (entry.kind === 'member') putMember(connection, conversationId, entry.member)
  else dropMember(connection, conversationId, entry.accountId)
  const role = entry.kind === 'member' && entry.member.accountId === account.id ? entry.member.role : null
  changeConversation(connection, conversationId, () => ({ memberCount, ...(role && { role }) }))
  touch(`members:${conversationId}`)
  touch(`conversation:${conversationId}`)
  if (role) touch('conversations')
}

function applyJoined(store: Store, touch: Touch, entry: EntryOf<'joined'> & Joined): void {
  const { connection, standing } = store
  const { conversation, role, grant, memberCount } = entry
  const known = heldConversation(connection, conversation.id) ?? fresh(standing?.snapshot ?? 0)
  putConversation(connection, {
    ...known,
    conversation,
    role,
    grant: grant ?? null,
    memberCount,
    // What was said before is there to be read, and does not wait to be.
    readUpTo: Math.max(known.readUpTo, entry.position),
  })
  settleOpened(store, touch, conversation)
  settleFounded(store, touch, conversation)
  touch('conversations')
  touch(`conversation:${conversation.id}`)
  touch('requests')
}

/** There is one direct conversation of two people: whatever waited for it has it, unless it is plain and was to be sealed. */
function settleOpened(store: Store, touch: Touch, { id, directWith, sealed }: Conversation): void {
  if (!directWith) return
  for (const { id: operationId, action } of store.operations.of('open-direct')) {
    if (action.kind !== 'open-direct' || !directWith.includes(action.accountId)) continue
    if (sealed || action.sealed !== true) {
      changeConversation(store.connection, id, () => ({ madeBy: operationId }))
      confirmMade(store, touch, operationId, id)
    }
  }
}

function applyPerson(store: Store, touch: Touch, { person }: EntryOf<'person'>): void {
  putPerson(store.connection, person, null)
  if (person.id === store.account.id) {
    store.putMe({ ...store.account, ...person })
    touch('me')
  }
  touch('people')
}
