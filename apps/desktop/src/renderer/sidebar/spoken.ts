import type { ConversationView } from '../live/queries.ts'

interface Heard {
  readonly view: Pick<ConversationView, 'unread' | 'mentions' | 'problems' | 'draft' | 'conversation'> & {
    readonly muted?: boolean | undefined
    readonly other?: { readonly bot: boolean } | null
  }
  readonly online: boolean
  readonly typing: boolean
}

/** What a row of the list shows beside its name, in words, for those who hear the screen. */
export function spoken({ view, online, typing }: Heard): string {
  const { unread, mentions, problems, draft, conversation, muted, other } = view
  return [
    conversation.kind === 'group' ? 'group' : online ? 'online' : '',
    other?.bot === true ? 'bot' : '',
    conversation.sealed ? 'encrypted' : '',
    unread > 0 ? `${String(unread)} unread` : '',
    mentions === 1 ? 'you are mentioned' : mentions > 1 ? `you are mentioned ${String(mentions)} times` : '',
    problems > 0 ? 'sending failed' : '',
    typing ? 'writing' : '',
    draft ? 'draft' : '',
    muted === true ? 'muted' : '',
    conversation.closedAt === null ? '' : 'closed',
  ]
    .filter((part) => part !== '')
    .join(', ')
}
