import type { AccountId } from '@parley/domain/ids'
import type { ConversationView, Requests } from '../live/queries.ts'

/** How far one is with talking to somebody: there is a conversation, one of both has asked the other, or nothing yet. */
export type TalkStanding = 'open' | 'invited' | 'invites-me' | 'none'

interface Sources {
  readonly conversations: readonly Pick<ConversationView, 'otherId'>[]
  readonly requests: Pick<Requests, 'invitations' | 'pending'>
}

export function talkStanding(id: AccountId, { conversations, requests }: Sources): TalkStanding {
  if (conversations.some(({ otherId }) => otherId === id)) return 'open'
  const waiting = requests.invitations.filter(({ state }) => state === 'waiting')
  if (waiting.some(({ fromId }) => fromId === id)) return 'invites-me'
  const isAsked =
    waiting.some(({ toId }) => toId === id) ||
    requests.pending.some(
      ({ action, state }) => action.kind === 'invite' && action.accountId === id && state !== 'refused',
    )
  return isAsked ? 'invited' : 'none'
}
