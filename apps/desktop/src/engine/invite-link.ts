import type { ConversationId } from '@parley/domain/ids'

/**
 * An invite into an encrypted group as the app follows it, of one as the engine makes it: what is behind the `#` is the
 * same, and before it stands where the group is.
 * @param server the server's address
 */
export function inviteLinkFor(server: string, conversationId: ConversationId, invite: string): string {
  const place = new URLSearchParams({ server, conversation: conversationId })
  return `parley://join?${place.toString()}#${invite.slice(invite.indexOf('#') + 1)}`
}
