import type { ConversationRow, Writing } from '@parley/db/stores'
import type { AccountId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { ChainEffect } from '@parley/domain/sealed/chain'
import type { Chat } from '../chat.ts'
import { changeConversation } from '../conversations/change.ts'
import { settleJoinRequest } from '../conversations/join-requests.ts'
import { putRole } from '../conversations/members.ts'
import { admit, dismiss } from '../conversations/membership.ts'

/** Where an entry's effect goes. */
export interface Scene {
  readonly chat: Chat
  readonly tx: Writing
  readonly conversation: ConversationRow
  readonly passwordHash: string | null
}

/**
 * Does to the conversation and its members what an entry of its chain says, and tells as any other change would. What is
 * so already stays so: somebody may have left without a word in the chain. @returns the conversation as it is then.
 */
export async function applyEffect(
  scene: Scene,
  { entry, joined, left, roles }: ChainEffect,
): Promise<ConversationRow> {
  const { tx, chat } = scene
  let { conversation } = scene
  const by = entry.authorId
  if (entry.change.op === 'create' && !conversation.sealed)
    conversation = await change(tx, conversation, { sealed: true })
  if (entry.change.op === 'policy') conversation = await setPolicy(scene, entry.change.joinPolicy)
  const now = chat.clock.now()
  for (const { accountId, role } of joined) {
    if (await tx.members.get(conversation.id, accountId)) continue
    await settleJoinRequest(tx, conversation, accountId, { state: 'approved', by, now })
    await admit(tx, conversation, { accountId, role, by: accountId === by ? null : by, now })
  }
  for (const accountId of left) {
    await tx.keys.removeRequestsOf(conversation.id, accountId)
    await dismiss(tx, conversation, accountId, by)
  }
  for (const { accountId, role } of roles) {
    await putRole(tx, conversation.id, accountId, role, by)
    if (role === 'founder') conversation = await handOver(tx, conversation, accountId)
  }
  return conversation
}

async function setPolicy(
  { tx, conversation, passwordHash }: Scene,
  joinPolicy: ConversationRow['joinPolicy'],
): Promise<ConversationRow> {
  const hash = joinPolicy === 'password' ? (passwordHash ?? conversation.passwordHash) : null
  if (joinPolicy === 'password' && hash === null) {
    throw new Refusal('invalid-input', 'password: goes with join policy "password"', { field: 'password' })
  }
  if (joinPolicy === conversation.joinPolicy && hash === conversation.passwordHash) return conversation
  return change(tx, conversation, { joinPolicy, passwordHash: hash })
}

const handOver = (tx: Writing, conversation: ConversationRow, founderId: AccountId) =>
  conversation.founderId === founderId
    ? Promise.resolve(conversation)
    : change(tx, conversation, { founderId })

async function change(
  tx: Writing,
  conversation: ConversationRow,
  changed: Parameters<typeof changeConversation>[2],
): Promise<ConversationRow> {
  await changeConversation(tx, conversation, changed)
  return { ...conversation, ...changed }
}
