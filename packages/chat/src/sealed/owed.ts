import type { Writing } from '@parley/db/stores'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import { type Chain, headsNamed } from '@parley/domain/sealed/chain'
import type { ChainEntry } from '@parley/domain/sealed/chain-entry'
import type { DeviceList } from '@parley/domain/sealed/device-list'
import type { Known } from './known.ts'

// A device that is revoked has the newest key of every conversation of its account. So nothing more is sealed in these
// before their chains name the revocation, with which a new epoch begins.

/** A list has a revocation: every chained conversation of its account owes an epoch. */
export async function oweEverywhere(
  tx: Writing,
  { accountId, identity }: DeviceList,
  index: number,
): Promise<void> {
  for (const { conversationId } of await tx.members.channelsOf(accountId)) {
    if (await tx.chains.head(conversationId))
      await tx.chains.owe({ conversationId, accountId, identity, index })
  }
}

/** Somebody may be named by a head that is older than a revocation, as one who comes in: that is owed, too. */
export async function oweForHeads(known: Known, tx: Writing, entry: ChainEntry): Promise<void> {
  const { conversationId } = entry
  for (const { accountId, head } of headsNamed(entry)) {
    const list = await known.list(tx, head.identity)
    const revokedBy = [...(list?.devices.values() ?? [])].map((device) => device.revokedBy ?? -1)
    const index = Math.max(-1, ...revokedBy)
    if (index > head.index) await tx.chains.owe({ conversationId, accountId, identity: head.identity, index })
  }
}

/** Whether the chain does not name yet what a member's list has revoked. */
export async function isOwed(tx: Pick<Writing, 'chains'>, chain: Chain): Promise<boolean> {
  return (await owing(tx, chain)).length > 0
}

/** Forgets what the chain has named by now, and what concerns nobody who is in it. */
export async function settleOwed(tx: Writing, chain: Chain): Promise<void> {
  const still = new Set(await owing(tx, chain))
  for (const { accountId } of await tx.chains.owed(chain.conversationId)) {
    if (!still.has(accountId)) await tx.chains.settle(chain.conversationId, accountId)
  }
}

async function owing(
  tx: Pick<Writing, 'chains'>,
  {
    conversationId,
    members,
  }: { readonly conversationId: ConversationId; readonly members: Chain['members'] },
): Promise<AccountId[]> {
  const marks = await tx.chains.owed(conversationId)
  return marks
    .filter(({ accountId, identity, index }) => {
      const member = members.get(accountId)
      return member?.identity === identity && member.listIndex < index
    })
    .map(({ accountId }) => accountId)
}
