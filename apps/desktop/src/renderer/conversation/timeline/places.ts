import type { MessageId } from '@parley/domain/ids'
import type { ConversationKey } from '../../live/queries.ts'
import type { Shown } from './shown.ts'

interface PlaceLeft {
  readonly id: MessageId
  /** Pixels from the upper edge to its row. */
  readonly offset: number
}

/** Conversations in which a place is remembered; the one left longest ago is forgotten first. */
const placesMax = 50
const places = new Map<ConversationKey, PlaceLeft>()

/** Where a conversation was left, if that was not its end. */
export const placeLeft = (id: ConversationKey): PlaceLeft | null => places.get(id) ?? null

export function leaveAt(id: ConversationKey, place: PlaceLeft | null): void {
  places.delete(id)
  if (place) places.set(id, place)
  const [oldest] = places.keys()
  if (places.size > placesMax && oldest !== undefined) places.delete(oldest)
}

let handedOver: { readonly id: ConversationKey; readonly shown: Shown } | null = null

/** A conversation that was being made goes on under the id that the server gave it, with what is shown of it. */
export function handOver(id: ConversationKey, shown: Shown): void {
  handedOver = { id, shown: { ...shown, goal: { kind: 'end' } } }
}

export function takeHandedOver(id: ConversationKey): Shown | null {
  const shown = handedOver?.id === id ? handedOver.shown : null
  handedOver = null
  return shown
}
