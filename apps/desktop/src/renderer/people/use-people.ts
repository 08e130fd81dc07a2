import { useQuery } from '@tanstack/react-query'
import type { AccountId } from '@parley/domain/ids'
import { peopleQuery, type Person } from '../live/queries.ts'

const byId = (people: readonly Person[]): ReadonlyMap<AccountId, Person> =>
  new Map(people.map((person) => [person.id, person]))

/** Everybody who is known on this device, by id. */
export function usePeopleById(): ReadonlyMap<AccountId, Person> | undefined {
  return useQuery({ ...peopleQuery, select: byId }).data
}
