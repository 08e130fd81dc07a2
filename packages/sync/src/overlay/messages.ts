import type { AccountId } from '@parley/domain/ids'
import type { Message, Reaction } from '@parley/domain/messages'
import type { Action } from '../actions.ts'

type Changeable = Pick<
  Message,
  'content' | 'reactions' | 'mentions' | 'mentionsEveryone' | 'editedAt' | 'attachments'
>

/** What a message is like once an action on it has happened. `at` is when it was done, for showing. */
export function changedBy<M extends Changeable>(message: M, action: Action, me: AccountId, at: number): M {
  if (message.content.kind === 'deleted') return message
  switch (action.kind) {
    case 'edit': {
      const { mentions: _, mentionsEveryone: __, ...rest } = message
      const { content, mentions, mentionsEveryone } = action
      // What is left out and what is put back are optional fields of a message.
      const edited: Changeable = {
        ...rest,
        content,
        editedAt: at,
        ...(mentions?.length && { mentions }),
        ...(mentionsEveryone && { mentionsEveryone }),
      }
      return { ...message, mentions: undefined, mentionsEveryone: undefined, ...edited }
    }
    case 'delete':
      return {
        ...message,
        content: { kind: 'deleted', by: me, at },
        reactions: undefined,
        attachments: undefined,
        mentions: undefined,
        mentionsEveryone: undefined,
        editedAt: undefined,
      }
    case 'react': {
      const reactions = toggled(message.reactions ?? [], me, action.emoji, action.on)
      return { ...message, reactions: reactions.length > 0 ? reactions : undefined }
    }
    default:
      return message
  }
}

function toggled(before: readonly Reaction[], me: AccountId, emoji: string, on: boolean): Reaction[] {
  const known = before.find((reaction) => reaction.emoji === emoji)
  if ((known?.accountIds.includes(me) ?? false) === on) return [...before]
  if (on && !known) return [...before, { emoji, accountIds: [me] }]
  return before
    .map((reaction) => {
      if (reaction !== known) return reaction
      const others = reaction.accountIds.filter((id) => id !== me)
      return { emoji, accountIds: on ? [...others, me] : others }
    })
    .filter((reaction) => reaction.accountIds.length > 0)
}
