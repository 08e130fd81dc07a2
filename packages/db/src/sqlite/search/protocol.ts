import type { AccountId, MessageId } from '@parley/domain/ids'
import type { SearchMessages } from '@parley/domain/messages'

/** What the search thread is started with. */
export interface SearchSettings {
  databasePath: string
  /** Counts the writes of the main thread, which has better to do than to send a message at each. */
  writes: Int32Array<SharedArrayBuffer>
}

export type SearchRequest =
  | { kind: 'search'; number: number; accountId: AccountId; query: SearchMessages }
  | { kind: 'close' }

export type SearchAnswer =
  | { kind: 'found'; number: number; json: string[]; next: MessageId | null }
  | { kind: 'failed'; number: number; reason: string }
  /** How many positions the index is behind the log. */
  | { kind: 'behind'; positions: number }

export const isSettings = (value: unknown): value is SearchSettings =>
  typeof value === 'object' &&
  value !== null &&
  'databasePath' in value &&
  typeof value.databasePath === 'string' &&
  'writes' in value &&
  value.writes instanceof Int32Array
