import type { ConversationRow, Writing } from '@parley/db/stores'
import type { Member, Role } from '@parley/domain/conversations'
import { type AccountId, MessageId } from '@parley/domain/ids'
import { conversationsPerAccountMax, membersPerConversationMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { conversationOf } from './standing.ts'

export interface Admission {
  accountId: AccountId
  role: Role
  by: AccountId | null
  now: number
  keyMaterial?: string | undefined
  grant?: string | undefined
}

/**
 * Lets somebody into a conversation: the account learns of it first, then everybody in it. From the account's own
 * entry on, its stream brings the conversation's.
 * @throws Refusal `already-a-member`, `conversation-full`, `too-many`, `not-found`
 */
export async function admit(tx: Writing, conversation: ConversationRow, admission: Admission): Promise<void> {
  const { accountId, role, by, now, keyMaterial, grant } = admission
  const account = await tx.accounts.byId(accountId)
  if (!account || account.disabled) throw noSuchAccount()
  const memberCount = (await tx.members.count(conversation.id)) + 1
  if (memberCount > membersPerConversationMax) {
    throw new Refusal('conversation-full', `A conversation has at most ${membersPerConversationMax} members.`)
  }
  if ((await tx.members.countOf(accountId)) >= conversationsPerAccountMax) {
    throw new Refusal('too-many', `An account is in at most ${conversationsPerAccountMax} conversations.`)
  }
  const member: Member = { accountId, role, joinedAt: now, ...given({ keyMaterial, grant }) }
  const joinedPosition = tx.log.next()
  const isNew = await tx.members.insert({
    ...member,
    conversationId: conversation.id,
    joinedPosition,
    readUpTo: 0,
    readOrdinal: 0,
  })
  if (!isNew) throw new Refusal('already-a-member', 'This account is in the conversation already.')
  // What was said before is there to be read, and does not wait to be.
  await tx.members.advanceRead(conversation.id, accountId, MessageId.parse(joinedPosition))
  await tx.log.append(accountId, {
    kind: 'joined',
    conversation: conversationOf(conversation),
    role,
    memberCount,
    ...given({ grant }),
  })
  await tx.log.append(conversation.id, {
    kind: 'member',
    conversationId: conversation.id,
    member,
    memberCount,
    by,
  })
}

export const noSuchAccount = () =>
  new Refusal('not-found', 'There is no such account.', { field: 'accountId' })

/** Takes somebody out: the account learns of it, and from that entry on hears nothing more of the conversation (P6). */
export async function dismiss(
  tx: Writing,
  conversation: ConversationRow,
  accountId: AccountId,
  by: AccountId,
): Promise<void> {
  if (!(await tx.members.remove(conversation.id, accountId))) return
  const memberCount = await tx.members.count(conversation.id)
  await tx.log.append(accountId, { kind: 'left', conversationId: conversation.id, by })
  await tx.log.append(conversation.id, {
    kind: 'member-left',
    conversationId: conversation.id,
    accountId,
    memberCount,
    by,
  })
}

/** What came along, without the fields that did not: they are left out on the wire too. */
export const given = ({ keyMaterial, grant }: Given): { keyMaterial?: string; grant?: string } => ({
  ...(keyMaterial !== undefined && { keyMaterial }),
  ...(grant !== undefined && { grant }),
})

interface Given {
  keyMaterial?: string | undefined
  grant?: string | undefined
}
