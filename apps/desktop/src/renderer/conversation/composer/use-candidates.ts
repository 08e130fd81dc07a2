import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { engine } from '../../live/clients.ts'
import {
  conversationsQuery,
  type ConversationView,
  membersQuery,
  meQuery,
  peopleQuery,
  type Person,
} from '../../live/queries.ts'
import { type Emoji, useEmoji } from '../../ui/emoji.ts'
import { everyoneWord } from '../content/names-in-text.ts'
import { groupsBySlug } from '../content/people-index.ts'
import { type Candidate, matching, type Wanted } from './completing.ts'

/** One that can be chosen, with what is shown before its name. */
export interface Choice extends Candidate {
  readonly sign:
    | { readonly kind: 'person'; readonly seed: string; readonly bot: boolean }
    | { readonly kind: 'group'; readonly seed: string }
    | { readonly kind: 'emoji'; readonly emoji: string }
    | { readonly kind: 'everyone' }
}

/** What fits what was begun in this conversation, the best first. */
export function useCandidates(view: ConversationView, wanted: Wanted | null): readonly Choice[] {
  const sign = wanted?.sign
  const people = usePeopleOf(view, sign === '@')
  const groups = useGroups(sign === '#')
  const emoji = useEmoji(sign === ':')
  const choices = useMemo(() => emoji?.map(choiceOfEmoji) ?? [], [emoji])
  const begun = wanted?.begun ?? ''
  return useMemo(() => {
    const all = { '@': people, '#': groups, ':': choices }
    return sign ? matching(all[sign], begun) : []
  }, [sign, begun, people, groups, choices])
}

function usePeopleOf(
  { id, conversation, memberCount }: ConversationView,
  wanted: boolean,
): readonly Choice[] {
  const { data: people } = useQuery({ ...peopleQuery, enabled: wanted })
  const { data: members } = useQuery({ ...membersQuery(id), enabled: wanted })
  const { data: me } = useQuery(meQuery)
  const isMissing = wanted && members?.complete === false
  useEffect(() => {
    const known = members?.members.length ?? 0
    if (!isMissing || known >= memberCount || !isNamed(id)) return
    // Without a connection those that are known have to do.
    engine.conversations.loadMembers.mutate({ id }).catch(() => {})
  }, [isMissing, id, memberCount, members])
  return useMemo(() => {
    if (!wanted) return []
    const here = new Set(members?.members.map(({ accountId }) => accountId))
    const others = (people ?? []).filter((person) => person.id !== me?.id && !person.disabled)
    const choices = others.map((person) => choiceOfPerson(person, here.has(person.id)))
    return conversation.kind === 'group' ? [...choices, everyone] : choices
  }, [wanted, people, members, me, conversation.kind])
}

const isNamed = (id: ConversationView['id']): boolean => !id.startsWith('local-')

const choiceOfPerson = ({ id, username, displayName, bot }: Person, isHere: boolean): Choice => ({
  key: id,
  insert: `@${username} `,
  label: displayName,
  hint: isHere ? `@${username}` : `@${username} · not in this conversation`,
  words: [username.toLowerCase(), displayName.toLowerCase()],
  near: isHere,
  sign: { kind: 'person', seed: id, bot },
})

const everyone: Choice = {
  key: everyoneWord,
  insert: `@${everyoneWord} `,
  label: 'Everyone',
  hint: 'Tells all who are in this conversation',
  words: [everyoneWord],
  near: false,
  sign: { kind: 'everyone' },
}

function useGroups(wanted: boolean): readonly Choice[] {
  const { data: conversations } = useQuery({ ...conversationsQuery, enabled: wanted })
  return useMemo(() => {
    if (!wanted || !conversations) return []
    return [...groupsBySlug(conversations)].map(([slug, { id, conversation }]) => ({
      key: id,
      insert: `#${slug} `,
      label: conversation.name,
      hint: conversation.description,
      words: [slug, conversation.name.toLowerCase()],
      near: false,
      sign: { kind: 'group' as const, seed: id },
    }))
  }, [wanted, conversations])
}

const choiceOfEmoji = ({ emoji, names, tags, about }: Emoji): Choice => ({
  key: emoji,
  insert: `${emoji} `,
  label: `:${names[0] ?? about}:`,
  hint: about,
  words: [...names, ...tags],
  near: false,
  sign: { kind: 'emoji', emoji },
})
