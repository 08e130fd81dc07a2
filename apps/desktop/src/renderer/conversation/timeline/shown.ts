import type { MessageId } from '@parley/domain/ids'
import type { TimelineAnchor, TimelineWindow } from '../../live/queries.ts'
import type { Items } from './merge.ts'

export type BringAnchor = Exclude<TimelineAnchor, { kind: 'first-unread' }>

/** Where the messages come from. */
export interface Source {
  ask(at: TimelineAnchor, limit: number): Promise<TimelineWindow>
  /** Brings the first message that is not read, which may lie far before what is held. */
  bringUnread(): Promise<void>
  /** Brings what is missing from the server. */
  bring(at: BringAnchor): Promise<void>
}

/** What is to be seen once the items are there. */
export type Goal =
  | { readonly kind: 'end' }
  /** `offset`: pixels from the upper edge to the row; without it the row comes to the middle. */
  | { readonly kind: 'message'; readonly id: MessageId; readonly offset?: number }

export type Side = 'older' | 'newer'

export interface Shown {
  readonly items: Items
  readonly older: TimelineWindow['older']
  readonly newer: TimelineWindow['newer']
  readonly firstUnreadId: MessageId | null
  /** Another part of the conversation than before has another number: no size or place carries over. */
  readonly part: number
  /** Whether what came or went did so before the first one. */
  readonly atStart: boolean
  /** Each goal is an object of its own, to be reached once. */
  readonly goal: Goal | null
  readonly filling: Side | null
  readonly fault: { readonly side: Side; readonly error: unknown } | null
  /** False until the first answer has come. */
  readonly ready: boolean
}

/** Before the first answer. */
export const nothing: Shown = {
  items: [],
  older: 'none',
  newer: 'none',
  firstUnreadId: null,
  part: 0,
  atStart: false,
  goal: null,
  filling: null,
  fault: null,
  ready: false,
}
