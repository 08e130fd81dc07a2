import type { ConversationView } from '../live/queries.ts'

type Named = Pick<ConversationView, 'other'> & {
  readonly conversation: Pick<ConversationView['conversation'], 'kind' | 'name'>
}

/** What a conversation is called: a group by its name, a direct one by who is at the other end. */
export function titleOf({ conversation, other }: Named): string {
  if (conversation.kind === 'group') return conversation.name
  return other?.displayName ?? 'Somebody'
}
