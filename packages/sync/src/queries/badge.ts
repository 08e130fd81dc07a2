import { unreadConversations } from '../store/conversations.ts'
import { levelsOf } from '../store/levels.ts'
import type { Store } from '../store/store.ts'
import type { Badge } from '../views.ts'
import { unreadOf } from './conversations.ts'

/** What is unread in all conversations that are not muted, with what waits counting as read. */
export function badge(store: Store): Badge {
  if (store.me === null) return { unread: 0, mentions: 0 }
  const { connection, operations } = store
  const level = levelsOf(connection)
  let unread = 0
  let mentions = 0
  for (const held of unreadConversations(connection)) {
    const { conversation } = held
    if (level(conversation).level === 'nothing') continue
    const valid = operations.in(conversation.id).filter(({ state }) => state !== 'refused')
    if (valid.some(({ action }) => action.kind === 'leave')) continue
    const one = unreadOf(store, held, valid)
    unread += one.unread
    mentions += one.mentions
  }
  return { unread, mentions }
}
