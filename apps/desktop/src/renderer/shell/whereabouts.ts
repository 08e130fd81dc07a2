import type { MessageId } from '@parley/domain/ids'
import type { ConversationKey } from '../live/queries.ts'
import { operatorSections, type Pane, type Place, settingsSections, usePlace } from '../state/place.ts'
import { isRecord } from './is-record.ts'

interface Whereabouts {
  readonly place: Place
  readonly pane: Pane | null
}

const home: Whereabouts = { place: { kind: 'home' }, pane: null }

/** A place that was asked for while another account was open: it is gone to instead of where one was. */
let awaited: Place | null = null

export function awaitPlace(place: Place): void {
  awaited = place
}

/** Goes where an account's window was left; nothing of another account stays on the way back. */
export function restoreWhereabouts(kept: unknown): void {
  const { place, pane } = whereaboutsFrom(kept)
  const asked = awaited
  awaited = null
  usePlace.setState({ place: asked ?? place, pane: asked ? null : pane, back: [], forward: [] })
}

/** What of it is come back to. */
export function whereaboutsToKeep(): Whereabouts {
  const { place, pane } = usePlace.getState()
  return { place: lasting(place), pane }
}

/** A message that was gone to is for the moment: the next launch opens where reading was left. */
const lasting = (place: Place): Place =>
  place.kind === 'conversation' ? { kind: 'conversation', id: place.id } : place

export function whereaboutsFrom(kept: unknown): Whereabouts {
  if (!isRecord(kept)) return home
  const place = placeFrom(kept['place'])
  return place ? { place, pane: place.kind === 'conversation' ? paneFrom(kept['pane']) : null } : home
}

function placeFrom(kept: unknown): Place | null {
  if (!isRecord(kept)) return null
  const { kind } = kept
  if (kind === 'people' || kind === 'groups' || kind === 'requests') return { kind }
  if (kind === 'settings') {
    const section = settingsSections.find((each) => each === kept['section'])
    return section ? { kind, section } : null
  }
  if (kind === 'operator') {
    const section = operatorSections.find((each) => each === kept['section'])
    return section ? { kind, section } : null
  }
  const id = kept['id']
  return kind === 'conversation' && isKey(id) ? { kind, id } : null
}

function paneFrom(kept: unknown): Pane | null {
  if (!isRecord(kept)) return null
  const { kind } = kept
  return kind === 'about' || kind === 'members' ? { kind } : null
}

/** The engine looks at it again; whether there is such a conversation is for the screen to say. */
const isKey = (id: unknown): id is ConversationKey =>
  typeof id === 'string' && /^(c|local-)[\x21-\x7e]{1,64}$/.test(id)
const isMessageId = (id: number): id is MessageId => Number.isSafeInteger(id) && id > 0

/** The place that a notification or a link names; null where it names none. */
export function placeOf(
  id: string,
  messageId: number | null,
): Extract<Place, { kind: 'conversation' }> | null {
  if (!isKey(id)) return null
  return { kind: 'conversation', id, ...(messageId !== null && isMessageId(messageId) && { messageId }) }
}
