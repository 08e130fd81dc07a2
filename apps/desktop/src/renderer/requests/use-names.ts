import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useMetGroups } from '../groups/met-groups.ts'
import { conversationsQuery, peopleQuery, requestsQuery } from '../live/queries.ts'
import { titleOf } from '../sidebar/title-of.ts'
import type { Names } from './wish-words.ts'

/** The names of everybody and every conversation that are known on this device. */
export function useNames(): Names {
  const { data: people } = useQuery(peopleQuery)
  const { data: conversations } = useQuery(conversationsQuery)
  const { data: requests } = useQuery(requestsQuery)
  const met = useMetGroups((state) => state.names)
  return useMemo(() => {
    const ofPeople = new Map<string, string>(people?.map(({ id, displayName }) => [id, displayName]))
    const ofConversations = new Map<string, string>([
      ...met,
      ...[...(requests?.mine ?? []), ...(requests?.toDecide ?? [])].map(
        ({ conversationId, conversationName }) => [conversationId, conversationName] as const,
      ),
      ...(conversations ?? []).map((view) => [view.id, titleOf(view)] as const),
    ])
    return {
      person: (id) => ofPeople.get(id) ?? 'somebody',
      conversation: (id) => ofConversations.get(id) ?? 'a group',
    }
  }, [people, conversations, requests, met])
}
