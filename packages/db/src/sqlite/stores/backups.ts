import type { AccountId } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { BackupReads, BackupRow, BackupWrites } from '../../sealed-stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { backupPart } from '../schema/sealed.ts'

type Stored = InferSelectModel<typeof backupPart>

const byKey = new RawQuery<[AccountId, keyId: string, part: string], Stored>(
  'select * from backupPart where accountId = ? and keyId = ? and part = ?',
)
const parts = new RawQuery<[AccountId, limit: number], Omit<Stored, 'bytes'>>(`
  select accountId, keyId, part, version from backupPart where accountId = ? order by keyId, part limit ?`)
const keyIds = new RawQuery<[AccountId], string>(
  'select distinct keyId from backupPart where accountId = ?',
  'value',
)
const count = new RawQuery<[AccountId, keyId: string], number>(
  'select count(*) from backupPart where accountId = ? and keyId = ?',
  'value',
)
const put = insertOf(
  backupPart,
  'on conflict do update set version = excluded.version, bytes = excluded.bytes',
)
const removeOthers = new RawQuery<[AccountId, keyId: string]>(
  'delete from backupPart where accountId = ? and keyId <> ?',
)

export class BackupReading<Handle extends ReadHandle = ReadHandle> implements BackupReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async get(accountId: AccountId, keyId: string, part: BackupRow['part']): Promise<BackupRow | null> {
    const row = byKey.on(this.handle.connection).get(accountId, keyId, part)
    if (!row) return null
    const { bytes, ...rest } = row
    return { ...rest, sealed: bytes }
  }

  async parts(accountId: AccountId, limit: number): Promise<Omit<BackupRow, 'sealed'>[]> {
    return parts.on(this.handle.connection).all(accountId, limit)
  }

  async keyIds(accountId: AccountId): Promise<string[]> {
    return keyIds.on(this.handle.connection).all(accountId)
  }

  async count(accountId: AccountId, keyId: string): Promise<number> {
    return count.on(this.handle.connection).get(accountId, keyId) ?? 0
  }
}

export class BackupWriting extends BackupReading<WriteHandle> implements BackupWrites {
  async put({ sealed, ...part }: BackupRow): Promise<void> {
    put.on(this.handle.connection).run({ ...part, bytes: sealed })
  }

  async keepOnly(accountId: AccountId, keyId: string): Promise<void> {
    removeOthers.on(this.handle.connection).run(accountId, keyId)
  }
}
