import type { MessageId } from '@parley/domain/ids'
import type { ConversationKey } from './queries.ts'

/**
 * The `parley://` link that shows a conversation, at a message where one is given. It opens for its members alone.
 * @param server the server's address
 */
export function linkTo(server: string, conversation: ConversationKey, message?: MessageId): string {
  const parameters = new URLSearchParams({
    conversation,
    ...(message !== undefined && { message: String(message) }),
    server: new URL(server).origin,
  })
  return `parley://open?${parameters.toString()}`
}
