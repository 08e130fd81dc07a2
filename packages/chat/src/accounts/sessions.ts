import type { AccountRow, Writing } from '@parley/db/stores'
import type { Session, SignedIn } from '@parley/domain/accounts'
import type { AccountId, SessionId } from '@parley/domain/ids'
import { sessionsPerAccountMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { hashSecret, newSecret, newSessionId } from '../secrets.ts'
import { meOf } from './wire.ts'

/**
 * Who a token belongs to; null when it belongs to nobody any more.
 */
export async function authenticate(chat: Chat, token: string): Promise<Actor | null> {
  const found = await chat.db.read.sessions.byTokenHash(hashSecret(token))
  if (!found || found.account.disabled) return null
  chat.sessionUse.used(found.session.id)
  return { accountId: found.account.id, sessionId: found.session.id, operator: found.account.operator }
}

/** Starts a session. At the limit, the one that was used least lately makes room. */
export async function startSession(
  tx: Writing,
  account: AccountRow,
  deviceName: string,
  now: number,
): Promise<SignedIn> {
  const token = newSecret()
  const session = {
    id: newSessionId(),
    accountId: account.id,
    tokenHash: hashSecret(token),
    deviceName,
    deviceId: null,
    createdAt: now,
    lastUsedAt: now,
  }
  const sessions = await tx.sessions.ofAccount(account.id)
  const oldest = sessions.toSorted((one, other) => one.lastUsedAt - other.lastUsedAt)
  for (const { id } of oldest.slice(0, Math.max(0, sessions.length - sessionsPerAccountMax + 1))) {
    await endSession(tx, account.id, id)
  }
  await tx.sessions.insert(session)
  return { token, sessionId: session.id, account: meOf(account) }
}

/** Ends a session and says so, which closes what is open of it (P6). */
export async function endSession(tx: Writing, accountId: AccountId, sessionId: SessionId): Promise<void> {
  if (await tx.sessions.remove(sessionId))
    await tx.log.append(accountId, { kind: 'session-ended', sessionId })
}

export async function endSessions(tx: Writing, accountId: AccountId, except?: SessionId): Promise<void> {
  for (const { id } of await tx.sessions.ofAccount(accountId)) {
    if (id !== except) await endSession(tx, accountId, id)
  }
}

export async function listSessions(chat: Chat, actor: Actor): Promise<Session[]> {
  await chat.sessionUse.flush()
  const sessions = await chat.db.read.sessions.ofAccount(actor.accountId)
  return sessions.map(({ id, deviceName, deviceId, createdAt, lastUsedAt }) => ({
    id,
    deviceName,
    deviceId,
    createdAt,
    lastUsedAt,
    online: chat.presences.hasSession(id),
    current: id === actor.sessionId,
  }))
}

export async function signOut(chat: Chat, actor: Actor): Promise<void> {
  await chat.db.write((tx) => endSession(tx, actor.accountId, actor.sessionId))
}

/** @throws Refusal `not-found` when the account, or a bot of it, has no such session. */
export async function revokeSession(chat: Chat, actor: Actor, sessionId: SessionId): Promise<void> {
  await chat.db.write(async (tx) => {
    const session = await tx.sessions.byId(sessionId)
    const owner = session && (await tx.accounts.byId(session.accountId))
    if (!session || !owner || (owner.id !== actor.accountId && owner.ownerId !== actor.accountId)) {
      throw new Refusal('not-found', 'You have no such session.', { field: 'sessionId' })
    }
    await endSession(tx, owner.id, sessionId)
  })
}

export async function revokeOtherSessions(chat: Chat, actor: Actor): Promise<void> {
  await chat.db.write((tx) => endSessions(tx, actor.accountId, actor.sessionId))
}
