import type { AccountId, DeviceId, Timestamp } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { DeviceListHeadRow, DeviceReads, DeviceWrites, LinkRequestRow } from '../../sealed-stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { deviceList, deviceListEntry, linkRequest } from '../schema/sealed.ts'

const current = new RawQuery<[AccountId], string>(
  'select identity from deviceList where accountId = ?',
  'value',
)
const head = new RawQuery<[identity: string], DeviceListHeadRow>(`
  select accountId, identity, entryIndex as "index", hash from deviceListEntry
  where identity = ? order by entryIndex desc limit 1`)
const entries = new RawQuery<[identity: string, from: number, limit: number], Uint8Array>(
  'select bytes from deviceListEntry where identity = ? and entryIndex >= ? order by entryIndex limit ?',
  'value',
)
const linkRequests = new RawQuery<[AccountId, since: Timestamp], InferSelectModel<typeof linkRequest>>(
  'select * from linkRequest where accountId = ? and askedAt >= ? order by askedAt, deviceId',
)
const linkRequestByKey = new RawQuery<[AccountId, DeviceId], InferSelectModel<typeof linkRequest>>(
  'select * from linkRequest where accountId = ? and deviceId = ?',
)

const insertEntry = insertOf(deviceListEntry)
const putInForce = insertOf(deviceList, 'on conflict do update set identity = excluded.identity')
const putLinkRequest = insertOf(
  linkRequest,
  'on conflict do update set bytes = excluded.bytes, askedAt = excluded.askedAt, answer = excluded.answer',
)
const removeLinkRequests = new RawQuery<[before: Timestamp]>('delete from linkRequest where askedAt < ?')

const requestOf = ({ bytes, ...row }: InferSelectModel<typeof linkRequest>): LinkRequestRow => ({
  ...row,
  request: bytes,
})

export class DeviceReading<Handle extends ReadHandle = ReadHandle> implements DeviceReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async current(accountId: AccountId): Promise<DeviceListHeadRow | null> {
    const identity = current.on(this.handle.connection).get(accountId)
    return identity === undefined ? null : this.list(identity)
  }

  async list(identity: string): Promise<DeviceListHeadRow | null> {
    return head.on(this.handle.connection).get(identity) ?? null
  }

  async entries(identity: string, from: number, limit: number): Promise<Uint8Array[]> {
    return entries.on(this.handle.connection).all(identity, from, limit)
  }

  async linkRequests(accountId: AccountId, since: Timestamp): Promise<LinkRequestRow[]> {
    return linkRequests.on(this.handle.connection).all(accountId, since).map(requestOf)
  }

  async linkRequest(accountId: AccountId, deviceId: DeviceId): Promise<LinkRequestRow | null> {
    const row = linkRequestByKey.on(this.handle.connection).get(accountId, deviceId)
    return row ? requestOf(row) : null
  }
}

export class DeviceWriting extends DeviceReading<WriteHandle> implements DeviceWrites {
  async append({ index, ...entry }: DeviceListHeadRow & { bytes: Uint8Array }): Promise<void> {
    const { connection } = this.handle
    insertEntry.on(connection).run({ ...entry, entryIndex: index })
    const { accountId, identity } = entry
    if (index === 0) putInForce.on(connection).run({ accountId, identity })
  }

  async putLinkRequest({ request, ...row }: LinkRequestRow): Promise<void> {
    putLinkRequest.on(this.handle.connection).run({ ...row, bytes: request })
  }

  async removeLinkRequestsBefore(at: Timestamp): Promise<void> {
    removeLinkRequests.on(this.handle.connection).run(at)
  }
}
