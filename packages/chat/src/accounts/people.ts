import type { ListPeople, PeoplePage, PersonWithPresence, SearchPeople } from '@parley/domain/accounts'
import { usernameKey } from '@parley/domain/accounts'
import type { AccountId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { Chat } from '../chat.ts'
import { withPresence } from './wire.ts'

/** Everybody, in the order of their usernames. */
export async function listPeople(chat: Chat, { after, limit }: ListPeople): Promise<PeoplePage> {
  const rows = await chat.db.read.accounts.page({ after: after && usernameKey(after), limit })
  const last = rows.at(-1)
  return {
    people: rows.map((row) => withPresence(chat.presences, row)),
    next: last && rows.length === limit ? last.username : null,
  }
}

export async function searchPeople(
  chat: Chat,
  { words, limit }: SearchPeople,
): Promise<PersonWithPresence[]> {
  const rows = await chat.db.read.accounts.search(words, limit)
  return rows.map((row) => withPresence(chat.presences, row))
}

/** Those who are called exactly so: by username, display name, name, last name or both; letter case aside. */
export async function peopleNamed(chat: Chat, { words, limit }: SearchPeople): Promise<PersonWithPresence[]> {
  const rows = await chat.db.read.accounts.named(words, limit)
  return rows.map((row) => withPresence(chat.presences, row))
}

export async function getPerson(chat: Chat, accountId: AccountId): Promise<PersonWithPresence> {
  const [row] = await chat.db.read.accounts.many([accountId])
  if (!row) throw new Refusal('not-found', 'There is no such account.', { field: 'accountId' })
  return withPresence(chat.presences, row)
}
