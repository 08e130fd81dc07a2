import type { AccountId } from '@parley/domain/ids'
import { createContext } from 'react'
import type { ConversationKey, TimelineMessage } from '../live/queries.ts'
import type { MessageKey } from './composing.ts'

/** The conversation that is open, as its rows need it. It stays the same object while nothing of it changes. */
export interface Here {
  readonly conversationId: ConversationKey
  readonly myId: AccountId | null
  readonly kind: 'direct' | 'group'
  /** Nothing changes any more in one that was closed. */
  readonly isClosed: boolean
  readonly mayDeleteOthers: boolean
  /** Shows a message with its surroundings. */
  readonly goTo: (message: MessageKey) => void
  readonly askToDelete: (message: TimelineMessage) => void
  readonly jumpToDate: (at: number) => void
}

export const HereContext = createContext<Here | null>(null)
