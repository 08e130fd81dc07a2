import type { AccountId } from '@parley/domain/ids'
import { useQuery } from '@tanstack/react-query'
import {
  conversationsQuery,
  type ConversationView,
  meQuery,
  peopleQuery,
  type Person,
} from '../../live/queries.ts'
import { slugOf } from './names-in-text.ts'

type People = readonly Person[]
type Conversations = readonly ConversationView[]

const byPeople = new WeakMap<People, ReadonlyMap<string, Person>>()
const byConversations = new WeakMap<Conversations, ReadonlyMap<string, ConversationView>>()

/** People by their ids: made once for each answer of the engine, however many messages ask. */
function peopleById(people: People): ReadonlyMap<string, Person> {
  const index = byPeople.get(people) ?? new Map(people.map((person) => [person.id, person]))
  byPeople.set(people, index)
  return index
}

/** Groups that one is in, by the slugs of their names. Of two that are called the same, the one written in last. */
export function groupsBySlug(conversations: Conversations): ReadonlyMap<string, ConversationView> {
  const held = byConversations.get(conversations)
  if (held) return held
  const index = new Map<string, ConversationView>()
  for (const view of conversations) {
    if (view.conversation.kind !== 'group') continue
    const slug = slugOf(view.conversation.name)
    if (slug !== '' && !index.has(slug)) index.set(slug, view)
  }
  byConversations.set(conversations, index)
  return index
}

/** The usernames, in lower case, and ids of some people. It changes when they do, not when others come online. */
export function useUsernames(ids: readonly AccountId[]): readonly (readonly [string, string])[] {
  const { data } = useQuery({
    ...peopleQuery,
    enabled: ids.length > 0,
    select: (people) => {
      const index = peopleById(people)
      return ids.flatMap((id) => {
        const person = index.get(id)
        return person ? [[person.username.toLowerCase(), id] as const] : []
      })
    },
  })
  return data ?? none
}

const groupNames = /#[\p{L}\p{N}_-]+/gu

/** The slugs and ids of the groups that a text may name. */
export function useGroupsNamed(text: string): readonly (readonly [string, string])[] {
  const { data } = useQuery({
    ...conversationsQuery,
    enabled: text.includes('#'),
    select: (conversations) => {
      const index = groupsBySlug(conversations)
      const slugs = new Set(
        text.match(groupNames)?.map((name) => name.slice(1).replace(/-+$/, '').toLowerCase()),
      )
      return [...slugs].flatMap((slug) => {
        const group = index.get(slug)
        return group ? [[slug, group.id] as const] : []
      })
    },
  })
  return data ?? none
}

const none: readonly never[] = []

/** What somebody is called; oneself is "you". Null where it is not known. */
export function useName(id: AccountId): string | null {
  const { data: name } = useQuery({
    ...peopleQuery,
    select: (people) => peopleById(people).get(id)?.displayName ?? null,
  })
  const { data: me } = useQuery({ ...meQuery, select: (account) => account?.id })
  return me === id ? 'you' : (name ?? null)
}

export function useMyId(): AccountId | null {
  const { data } = useQuery({ ...meQuery, select: (account) => account?.id ?? null })
  return data ?? null
}

const byUsername = new WeakMap<People, ReadonlyMap<string, string>>()

/** The ids of people by their usernames in lower case. */
export function usernamesOf(people: People): ReadonlyMap<string, string> {
  const index =
    byUsername.get(people) ?? new Map(people.map(({ username, id }) => [username.toLowerCase(), id] as const))
  byUsername.set(people, index)
  return index
}
