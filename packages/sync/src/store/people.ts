import { JsonOf } from './json.ts'
import type { Person } from '@parley/domain/accounts'
import type { Member } from '@parley/domain/conversations'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { Connection } from './ciphers.ts'
import { member as memberTable, type person as personTable } from './schema.ts'
import { putOf, Statement } from './statement.ts'

const memberJson = new JsonOf<Member>()
const personJson = new JsonOf<Person>()

const putMemberRow = putOf(memberTable)
const membersOf = new Statement<[string], string>('select json from member where conversationId = ?', 'value')
const dropMemberRow = new Statement<[string, string]>(
  'delete from member where conversationId = ? and accountId = ?',
)
const dropMembersOf = new Statement<[string]>('delete from member where conversationId = ?')
const putPersonRow = new Statement<[InferSelectModel<typeof personTable>]>(
  'insert into person (id, json, lastSeenAt) values (@id, @json, @lastSeenAt) ' +
    'on conflict (id) do update set json = excluded.json, lastSeenAt = coalesce(excluded.lastSeenAt, lastSeenAt)',
)
const seen = new Statement<[number | null, string]>('update person set lastSeenAt = ? where id = ?')

interface PersonRow {
  readonly json: string
  readonly lastSeenAt: number | null
}
const personById = new Statement<[string], PersonRow>('select json, lastSeenAt from person where id = ?')
const allPeople = new Statement<[], PersonRow>('select json, lastSeenAt from person')

export interface HeldPerson {
  readonly person: Person
  readonly lastSeenAt: number | null
}

const heldOf = ({ json, lastSeenAt }: PersonRow): HeldPerson => ({
  person: personJson.read(json),
  lastSeenAt,
})

export const heldMembers = (connection: Connection, id: ConversationId): Member[] =>
  membersOf
    .on(connection)
    .all(id)
    .map((json) => memberJson.read(json))

export function putMember(connection: Connection, conversationId: ConversationId, member: Member): void {
  const json = JSON.stringify(member)
  putMemberRow.on(connection).run({ conversationId, accountId: member.accountId, json })
}

export function dropMember(
  connection: Connection,
  conversationId: ConversationId,
  accountId: AccountId,
): void {
  dropMemberRow.on(connection).run(conversationId, accountId)
}

export function dropMembers(connection: Connection, conversationId: ConversationId): void {
  dropMembersOf.on(connection).run(conversationId)
}

export function putPerson(connection: Connection, person: Person, lastSeenAt: number | null): void {
  putPersonRow.on(connection).run({ id: person.id, json: JSON.stringify(person), lastSeenAt })
}

export function putLastSeen(connection: Connection, id: AccountId, lastSeenAt: number | null): void {
  seen.on(connection).run(lastSeenAt, id)
}

export const heldPerson = (connection: Connection, id: AccountId): HeldPerson | null => {
  const row = personById.on(connection).get(id)
  return row ? heldOf(row) : null
}

export const heldPeople = (connection: Connection): HeldPerson[] => allPeople.on(connection).all().map(heldOf)
