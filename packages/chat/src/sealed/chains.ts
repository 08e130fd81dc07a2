import type { ConversationRow, Reading } from '@parley/db/stores'
import type { ConversationId } from '@parley/domain/ids'
import { pageCharsMax, pageItemsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { toText } from '@parley/domain/sealed/bytes'
import type { ChainHead, ChainPage, ReadChain } from '@parley/domain/sealed/wire'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { noSuchConversation, standingFor } from '../conversations/standing.ts'

/**
 * The newest entry of a conversation's chain; null where it has none. Who wants to join a group needs it, so it can be
 * asked like what the group is. @throws Refusal `not-a-member`
 */
export async function chainHead(
  chat: Chat,
  actor: Actor,
  conversationId: ConversationId,
): Promise<ChainHead | null> {
  const { read } = chat.db
  const standing = await read.conversations.standing(conversationId, actor.accountId)
  if (!standing || (standing.conversation.kind === 'direct' && !standing.member)) throw noSuchConversation()
  return read.chains.head(conversationId)
}

/** Entries of a chain, the first wanted one first. @throws Refusal `not-a-member` */
export async function readChain(
  chat: Chat,
  actor: Actor,
  { conversationId, from }: ReadChain,
): Promise<ChainPage> {
  const { read } = chat.db
  await standingFor(read, actor, conversationId, 'read')
  const head = await read.chains.head(conversationId)
  const page: ChainPage = { entries: [], more: false }
  let room = pageCharsMax
  for (const { index, position, bytes } of await read.chains.entries(conversationId, from, pageItemsMax)) {
    const entry = toText(bytes)
    if (room < entry.length && page.entries.length > 0) break
    page.entries.push({ index, position, entry })
    room -= entry.length
  }
  return { ...page, more: head !== null && from + page.entries.length <= head.index }
}

/** Where there is a chain, it says who is in, and nothing else does. @throws Refusal `chain-needed` */
export async function mustHaveNoChain(
  read: Pick<Reading, 'chains'>,
  { id, sealed }: Pick<ConversationRow, 'id' | 'sealed'>,
): Promise<void> {
  if (!sealed || !(await read.chains.head(id))) return
  throw new Refusal('chain-needed', 'The members of this conversation change by its signed chain alone.')
}
