import { useQuery } from '@tanstack/react-query'
import type { AccountId } from '@parley/domain/ids'
import { createContext, use, useMemo } from 'react'
import { peopleQuery, type Person } from '../live/queries.ts'

type Names = Readonly<Record<string, string>>

const namesOf = (people: readonly Person[]): Names =>
  Object.fromEntries(people.map(({ id, displayName }) => [id, displayName]))

// As presence is no part of it, it changes only when somebody is called something else.
export const NamesContext = createContext<Names>({})

export function useNamesOfAll(): Names {
  const { data } = useQuery({ ...peopleQuery, select: namesOf })
  return data ?? {}
}

// A list, as that stays the same where nobody became a bot.
const botsOf = (people: readonly Person[]): readonly AccountId[] =>
  people.filter(({ bot }) => bot).map(({ id }) => id)

export const BotsContext = createContext<ReadonlySet<AccountId>>(new Set())

export function useBots(): ReadonlySet<AccountId> {
  const { data } = useQuery({ ...peopleQuery, select: botsOf })
  return useMemo(() => new Set(data), [data])
}

/** What people are called, in a conversation. */
export function useNameOf(): (id: AccountId) => string {
  const names = use(NamesContext)
  return (id) => names[id] ?? 'Somebody'
}
