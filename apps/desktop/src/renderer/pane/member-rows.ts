import type { Members, Person } from '../live/queries.ts'
import { findPeople } from '../people/find-people.ts'

export type MemberView = Members['members'][number]

export type MemberRow =
  | { readonly key: string; readonly heading: true; readonly label: string }
  | {
      readonly key: string
      readonly heading?: false
      readonly member: MemberView
      readonly person: Person
    }

const roles = ['founder', 'admin', 'member'] as const

const headings = { founder: 'Founder', admin: 'Admins', member: 'Members' } as const

/** The members under a heading for each role, who is online first; of a search, those who are meant. */
export function memberRows(members: readonly MemberView[], words: string): readonly MemberRow[] {
  const byId = new Map(members.map((member) => [member.accountId, member]))
  const found = findPeople(peopleOf(members), words, 'online').flatMap((person) => {
    const member = byId.get(person.id)
    return member ? [{ key: person.id, member, person }] : []
  })
  return roles.flatMap((role): MemberRow[] => {
    const ofRole = found.filter(({ member }) => member.role === role)
    if (ofRole.length === 0) return []
    const count = role === 'founder' ? '' : ` · ${ofRole.length.toLocaleString()}`
    return [{ key: role, heading: true, label: `${headings[role]}${count}` }, ...ofRole]
  })
}

/** What the programs among the members are called. */
export const botsAmong = (members: readonly MemberView[]): readonly string[] =>
  members.flatMap(({ person }) => (person?.bot === true ? [person.displayName] : []))

/** The same list for the same members: it is put in order once. */
const lists = new WeakMap<readonly MemberView[], readonly Person[]>()

function peopleOf(members: readonly MemberView[]): readonly Person[] {
  const people = lists.get(members) ?? members.map(personOf)
  lists.set(members, people)
  return people
}

/** Somebody who joined just now may be a member before their name has come. */
const personOf = ({ person, accountId }: MemberView): Person =>
  person ?? {
    id: accountId,
    username: '…',
    displayName: 'Somebody new',
    name: '',
    lastName: '',
    bot: false,
    disabled: false,
    online: false,
    lastSeenAt: null,
  }
