import type { MyConversationRow } from '@parley/db/stores'
import type {
  Conversation,
  GroupsPage,
  ListGroups,
  ListMine,
  MinePage,
  MyConversation,
  Requests,
} from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { joinRequestsPerConversationMax, invitationsPerAccountMax, pageItemsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { Serialised, type SerialisedAs } from '@parley/domain/serialised'
import type { Snapshot } from '@parley/domain/stream'
import type { Reading } from '@parley/db/stores'
import { meOf } from '../accounts/wire.ts'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { given } from './membership.ts'
import { conversationOf } from './standing.ts'

/** The last message is there as text already, so the text around it is made by hand. */
const myConversationJson = (row: MyConversationRow): string => {
  const { member } = row
  const rest = JSON.stringify({
    conversation: conversationOf(row.conversation),
    role: member.role,
    ...given({ grant: member.grant }),
    memberCount: row.memberCount,
    readUpTo: member.readUpTo,
    unread: row.unread,
    mentions: row.mentions,
  })
  return `${rest.slice(0, -1)},"lastMessage":${row.lastMessageJson ?? 'null'}}`
}

/** The account's conversations, the one with the newest message first. */
export async function listMine(chat: Chat, actor: Actor, input: ListMine): Promise<SerialisedAs<MinePage>> {
  await chat.ownReads.flush()
  const page = await chat.db.read.conversations.mine({ accountId: actor.accountId, ...input })
  const conversations = page.conversations.map(myConversationJson)
  return new Serialised(`{"conversations":[${conversations.join(',')}],"next":${JSON.stringify(page.next)}}`)
}

/** @throws Refusal `not-a-member` */
export async function getMine(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<SerialisedAs<MyConversation>> {
  await chat.ownReads.flush()
  const row = await chat.db.read.conversations.mineOne(actor.accountId, conversationId)
  if (!row) throw new Refusal('not-a-member', 'You are not in this conversation, or it does not exist.')
  return new Serialised(myConversationJson(row))
}

/** Groups that anybody may find. */
export async function listGroups(chat: Chat, actor: Actor, input: ListGroups): Promise<GroupsPage> {
  return chat.db.read.conversations.listed({ accountId: actor.accountId, ...input })
}

/** What somebody outside may know of a group whose id it has. @throws Refusal `not-found` */
export async function describeGroup(
  chat: Chat,
  conversationId: ConversationId,
): Promise<Pick<Conversation, 'id' | 'name' | 'description' | 'joinPolicy' | 'sealed'>> {
  const conversation = await chat.db.read.conversations.byId(conversationId)
  if (conversation?.kind !== 'group')
    throw new Refusal('not-found', 'There is no such group.', { field: 'conversationId' })
  const { id, name, description, joinPolicy, sealed } = conversation
  return { id, name, description, joinPolicy, sealed }
}

const decidedKeptMs = 30 * 24 * 3_600_000

/** What waits for an answer of the account, and what became of what it asked for. */
export async function listRequests(chat: Chat, read: Reading, accountId: AccountId): Promise<Requests> {
  const since = chat.clock.now() - decidedKeptMs
  return {
    toDecide: await read.requests.toDecide(accountId, joinRequestsPerConversationMax),
    mine: await read.requests.joinRequestsOf(accountId, since, joinRequestsPerConversationMax),
    invitations: await read.requests.invitationsOf(accountId, since, 2 * invitationsPerAccountMax),
  }
}

/** A new client's start, and the cursor that fits it exactly (P4). */
export async function takeSnapshot(chat: Chat, actor: Actor): Promise<SerialisedAs<Snapshot>> {
  await chat.ownReads.flush()
  const { accountId } = actor
  return chat.db.read.at(async (read, head) => {
    const account = await read.accounts.byId(accountId)
    if (!account) throw new Refusal('not-found', 'This account is gone.')
    const page = await read.conversations.mine({ accountId, limit: pageItemsMax })
    const rest = JSON.stringify({
      cursor: head,
      logId: await read.log.id(),
      me: meOf(account),
      next: page.next,
      requests: await listRequests(chat, read, accountId),
    })
    const conversations = page.conversations.map(myConversationJson)
    return new Serialised(`${rest.slice(0, -1)},"conversations":[${conversations.join(',')}]}`)
  })
}
