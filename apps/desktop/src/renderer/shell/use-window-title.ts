import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { conversationsQuery } from '../live/queries.ts'
import { titleOf } from '../sidebar/title-of.ts'
import type { Place } from '../state/place.ts'

const titles: Readonly<Record<Exclude<Place['kind'], 'conversation' | 'home'>, string>> = {
  people: 'People',
  groups: 'Find groups',
  requests: 'Requests',
  settings: 'Settings',
  operator: 'Operator',
}

/** Names the window by what is open in it. How much is unread is for the badge to say. */
export function useWindowTitle(place: Place): void {
  const { data: conversations } = useQuery(conversationsQuery)
  const view = place.kind === 'conversation' ? conversations?.find(({ id }) => id === place.id) : undefined
  const open =
    place.kind === 'home' ? '' : place.kind === 'conversation' ? view && titleOf(view) : titles[place.kind]
  useEffect(() => {
    document.title = open ? `${open} – Parley` : 'Parley'
  }, [open])
}
