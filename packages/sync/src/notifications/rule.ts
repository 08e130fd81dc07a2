import type { NotificationLevel } from '../actions.ts'
import type { Conversation } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import { type HeldMessage, isMentioned } from '../store/messages.ts'
import type { NotifyReason } from '../views.ts'

export interface Circumstances {
  readonly me: AccountId
  readonly kind: Conversation['kind']
  readonly level: NotificationLevel
  /** The newest message that was read, on any device of the account. */
  readonly readUpTo: number
}

/** Why a person is to be told of a message; null where that is not wanted. Times of quiet are looked at elsewhere. */
export function reasonToNotify(
  message: HeldMessage,
  { me, kind, level, readUpTo }: Circumstances,
): NotifyReason | null {
  if (message.authorId === me || message.id <= readUpTo || message.content.kind === 'deleted') return null
  // What is closed is told of once it is open.
  if (level === 'nothing' || message.sealed?.cause) return null
  if (isMentioned(message, me)) return 'mention'
  if (level === 'mentions') return null
  return kind === 'direct' ? 'direct' : 'message'
}
