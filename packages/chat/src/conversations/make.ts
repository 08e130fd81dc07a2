import type { ConversationRow, Writing } from '@parley/db/stores'
import type { Conversation, MakeGroup, OpenDirect } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { newConversationId } from '../secrets.ts'
import { admit, noSuchAccount } from './membership.ts'
import { conversationOf } from './standing.ts'

/** @throws Refusal `not-found` for a member who does not exist, and as `admit`. */
export async function makeGroup(chat: Chat, actor: Actor, input: MakeGroup): Promise<Conversation> {
  const passwordHash = input.password === undefined ? null : await chat.passwords.hash(input.password)
  return chat.db.write(async (tx) => {
    const now = chat.clock.now()
    const conversation: ConversationRow = {
      id: newConversationId(),
      kind: 'group',
      name: input.name,
      description: input.description,
      joinPolicy: input.joinPolicy,
      listed: input.listed,
      sealed: input.sealed,
      founderId: actor.accountId,
      createdAt: now,
      closedAt: null,
      passwordHash,
    }
    await tx.conversations.insert(conversation)
    const { keyMaterial } = input
    await admit(tx, conversation, { accountId: actor.accountId, role: 'founder', by: null, now, keyMaterial })
    for (const accountId of new Set(input.members)) {
      if (accountId === actor.accountId) continue
      await admit(tx, conversation, { accountId, role: 'member', by: actor.accountId, now })
    }
    return conversationOf(conversation)
  })
}

/**
 * The direct conversation with a person: the one there is, or a new one. Both asking at once get the same.
 * @throws Refusal as `directBetween`
 */
export async function openDirect(chat: Chat, actor: Actor, input: OpenDirect): Promise<Conversation> {
  const known = await chat.db.read.conversations.directOf(actor.accountId, input.accountId)
  if (known) return conversationOf(known)
  return chat.db.write(async (tx) => conversationOf(await directBetween(tx, actor, input, chat.clock.now())))
}

/** As `openDirect`, as a part of a larger change. @throws Refusal `invalid-input`, `not-found`, and as `admit`. */
export async function directBetween(
  tx: Writing,
  actor: Actor,
  {
    accountId,
    sealed,
    keyMaterial,
  }: { accountId: AccountId; sealed: boolean; keyMaterial?: string | undefined },
  now: number,
): Promise<ConversationRow> {
  if (accountId === actor.accountId) {
    throw new Refusal('invalid-input', 'A direct conversation is with somebody else.', { field: 'accountId' })
  }
  if (!(await tx.accounts.byId(accountId))) throw noSuchAccount()
  const conversation: ConversationRow = {
    id: newConversationId(),
    kind: 'direct',
    name: '',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    sealed,
    founderId: null,
    directWith: actor.accountId < accountId ? [actor.accountId, accountId] : [accountId, actor.accountId],
    createdAt: now,
    closedAt: null,
    passwordHash: null,
  }
  if (!(await tx.conversations.insertDirect(conversation))) {
    const known = await tx.conversations.directOf(actor.accountId, accountId)
    if (!known) throw new Error('A direct conversation was refused as a second one, and there is no first.')
    return known
  }
  await admit(tx, conversation, { accountId: actor.accountId, role: 'member', by: null, now, keyMaterial })
  await admit(tx, conversation, { accountId, role: 'member', by: actor.accountId, now })
  return conversation
}
