import { usernameKey } from '@parley/domain/accounts'
import type { InferSelectModel } from 'drizzle-orm'
import type { AccountRow, InviteLinkRow, PersonRow, SessionRow } from '../../stores.ts'
import type { NewRow } from '../query.ts'
import type { account, inviteLink, session } from '../schema/accounts.ts'
import { flag } from './flag.ts'

type StoredAccount = InferSelectModel<typeof account>

export const accountOf = (row: StoredAccount): AccountRow => ({
  id: row.id,
  username: row.username,
  displayName: row.displayName,
  name: row.name,
  lastName: row.lastName,
  bot: row.bot === 1,
  disabled: row.disabled === 1,
  operator: row.operator === 1,
  ownerId: row.ownerId,
  hasPassword: row.passwordHash !== null,
  createdAt: row.createdAt,
  passwordHash: row.passwordHash,
  lastSeenAt: row.lastSeenAt,
})

export const personOf = (row: StoredAccount): PersonRow => ({
  id: row.id,
  username: row.username,
  displayName: row.displayName,
  name: row.name,
  lastName: row.lastName,
  bot: row.bot === 1,
  disabled: row.disabled === 1,
  lastSeenAt: row.lastSeenAt,
})

export const storedAccount = (row: AccountRow): NewRow<typeof account> => ({
  id: row.id,
  username: row.username,
  usernameKey: usernameKey(row.username),
  displayName: row.displayName,
  name: row.name,
  lastName: row.lastName,
  bot: flag(row.bot),
  disabled: flag(row.disabled),
  operator: flag(row.operator),
  ownerId: row.ownerId,
  passwordHash: row.passwordHash,
  createdAt: row.createdAt,
  lastSeenAt: row.lastSeenAt,
})

export const sessionOf = (row: InferSelectModel<typeof session>): SessionRow => ({
  id: row.id,
  accountId: row.accountId,
  tokenHash: row.tokenHash,
  deviceName: row.deviceName,
  deviceId: row.deviceId,
  createdAt: row.createdAt,
  lastUsedAt: row.lastUsedAt,
})

export const storedSession = (row: SessionRow): NewRow<typeof session> => ({
  id: row.id,
  accountId: row.accountId,
  tokenHash: row.tokenHash,
  deviceName: row.deviceName,
  deviceId: row.deviceId,
  createdAt: row.createdAt,
  lastUsedAt: row.lastUsedAt,
})

export const inviteLinkOf = (row: InferSelectModel<typeof inviteLink>): InviteLinkRow => ({
  id: row.id,
  secretHash: row.secretHash,
  note: row.note,
  usesLeft: row.usesLeft,
  makesOperator: row.makesOperator === 1,
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
})

export const storedInviteLink = (row: InviteLinkRow): NewRow<typeof inviteLink> => ({
  id: row.id,
  secretHash: row.secretHash,
  note: row.note,
  usesLeft: row.usesLeft,
  makesOperator: flag(row.makesOperator),
  createdAt: row.createdAt,
  expiresAt: row.expiresAt,
})
