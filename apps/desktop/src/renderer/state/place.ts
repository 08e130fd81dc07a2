import { create } from 'zustand'
import type { ConversationId, MessageId } from '@parley/domain/ids'
import type { ConversationKey } from '../live/queries.ts'

export const settingsSections = [
  'profile',
  'sessions',
  'encryption',
  'notifications',
  'appearance',
  'storage',
  'bots',
  'about',
] as const
export type SettingsSection = (typeof settingsSections)[number]
export const operatorSections = ['accounts', 'invite-links'] as const
export type OperatorSection = (typeof operatorSections)[number]

/** What the middle of the window shows. */
export type Place =
  | { readonly kind: 'home' }
  /** `messageId`: shown with its surroundings, and marked. */
  | {
      readonly kind: 'conversation'
      readonly id: ConversationKey
      readonly messageId?: MessageId | undefined
    }
  | { readonly kind: 'people' }
  /** `id`: a group that somebody was pointed to, which need not be listed. */
  | { readonly kind: 'groups'; readonly id?: ConversationId | undefined }
  | { readonly kind: 'requests' }
  | { readonly kind: 'settings'; readonly section: SettingsSection }
  | { readonly kind: 'operator'; readonly section: OperatorSection }

/** What the right pane shows; it belongs to the conversation that is open. */
export type Pane =
  | { readonly kind: 'about' }
  | { readonly kind: 'members' }
  | { readonly kind: 'person'; readonly id: string }
  | { readonly kind: 'search' }

interface Whereabouts {
  readonly place: Place
  readonly pane: Pane | null
  readonly back: readonly Place[]
  readonly forward: readonly Place[]
}

const stepsMax = 100

export const usePlace = create<Whereabouts>(() => ({
  place: { kind: 'home' },
  pane: null,
  back: [],
  forward: [],
}))

/** Goes somewhere; the place left is one step back. */
export function go(place: Place): void {
  usePlace.setState((now) =>
    same(now.place, place)
      ? now
      : {
          place,
          back: [...now.back, now.place].slice(-stepsMax),
          forward: [],
          pane: place.kind === 'conversation' ? paneOf(now.pane) : null,
        },
  )
}

/** As `go`, and the place left is not gone back to: it does not exist any more. */
export function replacePlace(place: Place): void {
  usePlace.setState({ place })
}

export function goBack(): void {
  usePlace.setState((now) => {
    const place = now.back.at(-1)
    return place ? { place, back: now.back.slice(0, -1), forward: [now.place, ...now.forward] } : now
  })
}

export function goForward(): void {
  usePlace.setState((now) => {
    const [place, ...forward] = now.forward
    return place ? { place, back: [...now.back, now.place], forward } : now
  })
}

export function openPane(pane: Pane | null): void {
  usePlace.setState({ pane })
}

export function togglePane(pane: Pane): void {
  usePlace.setState((now) => ({ pane: now.pane?.kind === pane.kind ? null : pane }))
}

/** Of a person or a search one does not want to hear in the next conversation. */
const paneOf = (pane: Pane | null) => (pane?.kind === 'about' || pane?.kind === 'members' ? pane : null)

const same = (a: Place, b: Place) => JSON.stringify(a) === JSON.stringify(b)
