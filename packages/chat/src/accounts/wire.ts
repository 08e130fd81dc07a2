import type { AccountRow, PersonRow } from '@parley/db/stores'
import type { Me, Person, PersonWithPresence } from '@parley/domain/accounts'
import type { Presences } from '../presence/presences.ts'

/** An account as everybody may see it. */
export const personOf = (row: Person): Person => ({
  id: row.id,
  username: row.username,
  displayName: row.displayName,
  name: row.name,
  lastName: row.lastName,
  bot: row.bot,
  disabled: row.disabled,
})

/** An account as it sees itself. */
export const meOf = (row: AccountRow): Me => ({
  ...personOf(row),
  operator: row.operator,
  ownerId: row.ownerId,
  hasPassword: row.passwordHash !== null,
  createdAt: row.createdAt,
})

export const withPresence = (presences: Presences, row: PersonRow): PersonWithPresence => ({
  ...personOf(row),
  ...presences.of(row.id, row.lastSeenAt),
})
