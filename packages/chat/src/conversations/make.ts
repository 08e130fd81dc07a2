import type { ConversationRow, Reading, Writing } from '@parley/db/stores'
import type { Conversation, MakeGroup, OpenDirect } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { newConversationId } from '../secrets.ts'
import { admit, noSuchAccount } from './membership.ts'
import { conversationOf } from './standing.ts'

/**
 * A new group; or, repeated under a client id, what became of the first (P2).
 * @throws Refusal `not-found` for a member who does not exist, `not-a-member` for a group made before and left since, and
 * as `admit`.
 */
export async function makeGroup(chat: Chat, actor: Actor, input: MakeGroup): Promise<Conversation> {
  const known = await madeBefore(chat.db.read, actor, input)
  if (known) return known
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
      ...(input.clientConversationId !== undefined && { clientConversationId: input.clientConversationId }),
      createdAt: now,
      closedAt: null,
      passwordHash,
    }
    if (!(await tx.conversations.insert(conversation))) {
      const first = await madeBefore(tx, actor, input)
      if (!first) throw new Error('A group was refused as a second one, and there is no first.')
      return first
    }
    const { keyMaterial } = input
    await admit(tx, conversation, { accountId: actor.accountId, role: 'founder', by: null, now, keyMaterial })
    for (const accountId of new Set(input.members)) {
      if (accountId === actor.accountId) continue
      await admit(tx, conversation, { accountId, role: 'member', by: actor.accountId, now })
    }
    return conversationOf(conversation)
  })
}

async function madeBefore(
  reading: Pick<Reading, 'conversations'>,
  { accountId }: Actor,
  { clientConversationId }: MakeGroup,
): Promise<Conversation | null> {
  if (clientConversationId === undefined) return null
  const known = await reading.conversations.madeAs(accountId, clientConversationId)
  if (!known) return null
  const standing = await reading.conversations.standing(known.id, accountId)
  if (!standing?.member) {
    throw new Refusal('not-a-member', 'You have made this group before, and are no longer in it.')
  }
  return conversationOf(known)
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
