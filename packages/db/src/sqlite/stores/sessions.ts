import type { AccountId, DeviceId, SessionId, Timestamp } from '@parley/domain/ids'
import { asc, eq, lt } from 'drizzle-orm'
import type { AccountRow, SessionReads, SessionRow, SessionWrites } from '../../stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, nestedQuery, query } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { accountOf, sessionOf, storedSession } from '../rows/accounts.ts'
import { account, session } from '../schema/accounts.ts'

const byTokenHash = nestedQuery((given: Given<{ hash: Uint8Array }>) =>
  from
    .select()
    .from(session)
    .innerJoin(account, eq(account.id, session.accountId))
    .where(eq(session.tokenHash, given('hash'))),
)

const byId = query((given: Given<{ id: SessionId }>) =>
  from
    .select()
    .from(session)
    .where(eq(session.id, given('id'))),
)

const byAccount = query((given: Given<{ accountId: AccountId }>) =>
  from
    .select()
    .from(session)
    .where(eq(session.accountId, given('accountId')))
    .orderBy(asc(session.createdAt), asc(session.id)),
)

const idleSince = query((given: Given<{ before: Timestamp; limit: number }>) =>
  from
    .select()
    .from(session)
    .where(lt(session.lastUsedAt, given('before')))
    .orderBy(asc(session.lastUsedAt))
    .limit(given('limit')),
)

const insertSession = insertOf(session)
const removeSession = new RawQuery<[SessionId]>('delete from session where id = ?')
const setDevice = new RawQuery<[DeviceId, SessionId]>('update session set deviceId = ? where id = ?')
const touchSession = new RawQuery<[at: Timestamp, id: SessionId]>(
  'update session set lastUsedAt = ? where id = ?',
)

export class SessionReading<Handle extends ReadHandle = ReadHandle> implements SessionReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async byTokenHash(hash: Uint8Array): Promise<{ session: SessionRow; account: AccountRow } | null> {
    const row = byTokenHash.get(this.handle.connection, { hash })
    return row ? { session: sessionOf(row.session), account: accountOf(row.account) } : null
  }

  async byId(id: SessionId): Promise<SessionRow | null> {
    const row = byId.get(this.handle.connection, { id })
    return row ? sessionOf(row) : null
  }

  async ofAccount(accountId: AccountId): Promise<SessionRow[]> {
    return byAccount.all(this.handle.connection, { accountId }).map(sessionOf)
  }

  async idle(before: Timestamp, limit: number): Promise<SessionRow[]> {
    return idleSince.all(this.handle.connection, { before, limit }).map(sessionOf)
  }
}

export class SessionWriting extends SessionReading<WriteHandle> implements SessionWrites {
  async insert(row: SessionRow): Promise<void> {
    insertSession.on(this.handle.connection).run(storedSession(row))
  }

  async remove(id: SessionId): Promise<boolean> {
    return removeSession.on(this.handle.connection).run(id).changes > 0
  }

  async setDevice(id: SessionId, deviceId: DeviceId): Promise<void> {
    setDevice.on(this.handle.connection).run(deviceId, id)
  }

  async touch(used: readonly { id: SessionId; at: Timestamp }[]): Promise<void> {
    const statement = touchSession.on(this.handle.connection)
    for (const { id, at } of used) statement.run(at, id)
  }
}
