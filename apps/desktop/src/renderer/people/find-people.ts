import type { Person } from '../live/queries.ts'

/** Whoever is online first, or all by name; those whose account is disabled are last either way. */
export type PeopleOrder = 'online' | 'name'

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true })

/** The people whose names begin with every word that was typed, in the order that was asked for. */
export function findPeople(people: readonly Person[], words: string, order: PeopleOrder): readonly Person[] {
  const wanted = wordsOf(words)
  return ordered(people, order).filter((person) => isMeant(person, wanted))
}

/** Names are compared as people read them, which takes its time: once for a list, and not at every key. */
const orders = new WeakMap<readonly Person[], Map<PeopleOrder, readonly Person[]>>()

function ordered(people: readonly Person[], order: PeopleOrder): readonly Person[] {
  const before = orders.get(people)?.get(order)
  if (before) return before
  const sorted = people.toSorted(
    (one, other) => rankOf(one, order) - rankOf(other, order) || byName(one, other),
  )
  const known = orders.get(people) ?? new Map<PeopleOrder, readonly Person[]>()
  orders.set(people, known.set(order, sorted))
  return sorted
}

const rankOf = ({ disabled, online }: Person, order: PeopleOrder) =>
  disabled ? 2 : order === 'online' && !online ? 1 : 0

const byName = (one: Person, other: Person) =>
  collator.compare(one.displayName, other.displayName) || collator.compare(one.username, other.username)

function isMeant(person: Person, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true
  const named = namesOf(person)
  return wanted.every((word) => named.some((name) => name.startsWith(word)))
}

/** Answers keep the objects of people who did not change, so each is taken apart once. */
const namesKnown = new WeakMap<Person, readonly string[]>()

function namesOf(person: Person): readonly string[] {
  const before = namesKnown.get(person)
  if (before) return before
  const { displayName, name, lastName, username } = person
  const names = [...wordsOf(`${displayName} ${name} ${lastName} ${username}`), folded(username)]
  namesKnown.set(person, names)
  return names
}

/** A username may be typed with its sign. */
const wordsOf = (text: string) =>
  folded(text)
    .split(/[\s._@-]+/)
    .filter((word) => word !== '')

/** Accents and case tell nobody apart. */
const folded = (text: string) => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
