import type { AccountId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import type { SearchMessages } from '@parley/domain/messages'
import type { LoggedEntry } from '../stores.ts'
import type { Connection } from './raw-query.ts'

/** What a store works on. */
export interface ReadHandle {
  readonly connection: Connection
  search(accountId: AccountId, query: SearchMessages): Promise<{ json: string[]; next: MessageId | null }>
}

/** What a store writes on: one write among those of a transaction. Every use throws once that write has ended. */
export interface WriteHandle extends ReadHandle {
  /** The position that the next entry gets. It is given back when the write is undone. */
  nextPosition(): Position
  /** The ordinal of a conversation's newest message: remembered, or else looked up. */
  lastOrdinal(id: ConversationId, look: () => number): number
  setLastOrdinal(id: ConversationId, ordinal: number): void
  /** Takes the next position for this entry, and shows it to the commit's listeners. */
  logged(entry: LoggedEntry): void
}

/** Positions are made here, out of the log's own numbers, and nowhere else. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const positionOf = (place: number): Position => place as Position

/** A message is named by the position of its entry. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
export const messageIdOf = (place: number): MessageId => place as MessageId
