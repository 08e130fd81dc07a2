import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { create } from 'zustand'
import { queryClient } from '../live/live.ts'
import { type ConversationKey, type ConversationView, conversationsQuery } from '../live/queries.ts'
import { go, type Place, usePlace } from '../state/place.ts'
import { neighbourOf, orderOf, type Section, sectionsOf, type Stays, wantsReading } from './sections.ts'

const useStays = create<{ readonly stays: Stays | null }>(() => ({ stays: null }))

const held = (): readonly ConversationView[] => queryClient.getQueryData(conversationsQuery.queryKey) ?? []

export const openConversation = (place: Place): ConversationKey | null =>
  place.kind === 'conversation' ? place.id : null

/** Notes of each conversation, as it is opened, in which section it was. @returns what stops it. */
export function followOpened(): () => void {
  return usePlace.subscribe(({ place }, { place: before }) => {
    const id = openConversation(place)
    if (id === openConversation(before)) return
    const view = held().find((each) => each.id === id)
    useStays.setState({ stays: view ? { id: view.id, unread: wantsReading(view) } : null })
  })
}

/** The sections as they are to be seen; null until the list is there. */
export function useSections(): readonly Section<ConversationView>[] | null {
  const { data: conversations } = useQuery(conversationsQuery)
  const stays = useStays((state) => state.stays)
  return useMemo(() => (conversations ? sectionsOf(conversations, stays) : null), [conversations, stays])
}

/** All conversations as the list has them from top to bottom. */
export const orderNow = (): readonly ConversationView[] =>
  orderOf(sectionsOf(held(), useStays.getState().stays))

/** Goes to the conversation above or below. */
export function goToNeighbour(step: 1 | -1, fits: (view: ConversationView) => boolean = () => true): void {
  const view = neighbourOf(orderNow(), openConversation(usePlace.getState().place), step, fits)
  if (view) go({ kind: 'conversation', id: view.id })
}

/** Goes to the conversation at a place of the list, counted from 1. */
export function goToPlace(number: number): void {
  const view = orderNow()[number - 1]
  if (view) go({ kind: 'conversation', id: view.id })
}
