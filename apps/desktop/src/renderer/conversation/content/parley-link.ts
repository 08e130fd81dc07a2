import type { MessageId } from '@parley/domain/ids'
import { queryClient } from '../../live/live.ts'
import { conversationsQuery, stateQuery } from '../../live/queries.ts'
import { go } from '../../state/place.ts'

const isMessageId = (value: number): value is MessageId => Number.isSafeInteger(value) && value > 0

/** Goes to a conversation that one is in. @returns false when one is not. */
export async function goToConversation(id: string, messageId?: number): Promise<boolean> {
  const conversations = await queryClient.ensureQueryData(conversationsQuery)
  const found = conversations.find((each) => each.id === id)
  if (!found) return false
  const at = messageId !== undefined && isMessageId(messageId) ? { messageId } : {}
  go({ kind: 'conversation', id: found.id, ...at })
  return true
}

/**
 * Follows `parley://open?conversation=c…&message=12&server=https://…` within the app.
 *
 * @returns false where it leads to another server, or to a conversation that one is not in
 */
export async function followParleyLink(address: string): Promise<boolean> {
  const url = URL.parse(address)
  const conversation = url?.searchParams.get('conversation')
  if (url?.host !== 'open' || !conversation) return false
  const state = await queryClient.ensureQueryData(stateQuery)
  const server = url.searchParams.get('server')
  if (server !== null && state.kind === 'signed-in' && originOf(server) !== originOf(state.account.url))
    return false
  const message = url.searchParams.get('message')
  return goToConversation(conversation, message === null ? undefined : Number(message))
}

const originOf = (address: string) => URL.parse(address)?.origin ?? null
