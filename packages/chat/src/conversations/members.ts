import type { Writing } from '@parley/db/stores'
import type {
  AddMembers,
  ListMembers,
  MemberRef,
  MembersPage,
  Role,
  SetRole,
} from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { mayRemove } from '@parley/domain/permissions'
import { Refusal } from '@parley/domain/refusal'
import { withPresence } from '../accounts/wire.ts'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { changeConversation } from './change.ts'
import { settleJoinRequest } from './join-requests.ts'
import { mustHaveNoChain } from '../sealed/chains.ts'
import { admit, dismiss, given } from './membership.ts'
import { mustBeMember, standingFor } from './standing.ts'

/** @throws Refusal `not-a-member` */
export async function listMembers(chat: Chat, actor: Actor, input: ListMembers): Promise<MembersPage> {
  await mustBeMember(chat, actor.accountId, input.conversationId)
  const rows = await chat.db.read.members.page(input.conversationId, input.after, input.limit)
  const people = new Map(
    (await chat.db.read.accounts.many(rows.map((row) => row.accountId))).map((row) => [row.id, row]),
  )
  return {
    members: rows.flatMap(({ accountId, role, joinedAt, keyMaterial, grant }) => {
      const row = people.get(accountId)
      return row
        ? [
            {
              accountId,
              role,
              joinedAt,
              ...given({ keyMaterial, grant }),
              person: withPresence(chat.presences, row),
            },
          ]
        : []
    }),
    next: rows.length === input.limit ? (rows.at(-1)?.accountId ?? null) : null,
  }
}

/**
 * Adds people; those who are members already stay as they are.
 * @throws Refusal `not-a-member`, `not-allowed` unless founder or admin, `conversation-closed`, and as `admit`.
 */
export async function addMembers(chat: Chat, actor: Actor, input: AddMembers): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, input.conversationId, 'add-members')
    await mustHaveNoChain(tx, conversation)
    const now = chat.clock.now()
    for (const accountId of new Set(input.accountIds)) {
      if (await tx.members.get(conversation.id, accountId)) continue
      await admit(tx, conversation, { accountId, role: 'member', by: actor.accountId, now })
      await settleJoinRequest(tx, conversation, accountId, { state: 'approved', by: actor.accountId, now })
    }
  })
}

const notAMember = () =>
  new Refusal('not-found', 'This account is not in the conversation.', { field: 'accountId' })

/** @throws Refusal `not-a-member`, `not-allowed` unless of a higher role, `not-found`, `conversation-closed` */
export async function removeMember(
  chat: Chat,
  actor: Actor,
  { conversationId, accountId }: MemberRef,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation, member } = await standingFor(tx, actor, conversationId, 'remove-member')
    await mustHaveNoChain(tx, conversation)
    const target = await tx.members.get(conversationId, accountId)
    if (!target) throw notAMember()
    if (!mayRemove(member.role, target.role)) {
      throw new Refusal(
        'not-allowed',
        `The role ${member.role} cannot remove somebody of the role ${target.role}.`,
      )
    }
    await dismiss(tx, conversation, accountId, actor.accountId)
  })
}

/** Gives a member another role and tells the others. */
export async function putRole(
  tx: Writing,
  conversationId: ConversationId,
  accountId: AccountId,
  role: Role,
  by: AccountId,
) {
  const target = await tx.members.get(conversationId, accountId)
  if (!target) throw notAMember()
  if (target.role === role) return
  await tx.members.setRole(conversationId, accountId, role)
  const { joinedAt, keyMaterial, grant } = target
  await tx.log.append(conversationId, {
    kind: 'member',
    conversationId,
    member: { accountId, role, joinedAt, ...given({ keyMaterial, grant }) },
    memberCount: await tx.members.count(conversationId),
    by,
  })
}

/** @throws Refusal `not-a-member`, `not-allowed` unless founder, `not-found`, `conversation-closed` */
export async function setRole(
  chat: Chat,
  actor: Actor,
  { conversationId, accountId, role }: SetRole,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, conversationId, 'set-role')
    await mustHaveNoChain(tx, conversation)
    if (accountId === actor.accountId) {
      throw new Refusal('founder-must-stay', 'Hand the group over to another member first.', {
        field: 'accountId',
      })
    }
    await putRole(tx, conversationId, accountId, role, actor.accountId)
  })
}

/** Makes another member the founder; the one before stays as an admin. @throws Refusal as `setRole` */
export async function handOver(
  chat: Chat,
  actor: Actor,
  { conversationId, accountId }: MemberRef,
): Promise<void> {
  await chat.db.write(async (tx) => {
    const { conversation } = await standingFor(tx, actor, conversationId, 'hand-over')
    await mustHaveNoChain(tx, conversation)
    if (accountId === actor.accountId) return
    await putRole(tx, conversationId, actor.accountId, 'admin', actor.accountId)
    await putRole(tx, conversationId, accountId, 'founder', actor.accountId)
    await changeConversation(tx, conversation, { founderId: accountId })
  })
}
