import type { AccountId, ConversationId, DeviceId, Timestamp } from '@parley/domain/ids'
import type { KeyGrantRow, KeyReads, KeyRequestRow, KeyWrites } from '../../sealed-stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { keyGrant, keyRequest } from '../schema/sealed.ts'

type Numbered = KeyGrantRow & { number: number }

const grantsTo = new RawQuery<[DeviceId, after: number, limit: number], Numbered>(
  'select * from keyGrant where deviceId = ? and number > ? order by number limit ?',
)
const grantsToIn = new RawQuery<[DeviceId, ConversationId, after: number, limit: number], Numbered>(`
  select * from keyGrant indexed by keyGrantOnce where deviceId = ? and conversationId = ? and number > ?
  order by number limit ?`)
const requests = new RawQuery<[ConversationId, since: Timestamp, limit: number], KeyRequestRow>(
  'select * from keyRequest where conversationId = ? and askedAt >= ? order by askedAt, deviceId limit ?',
)
const requestCount = new RawQuery<[ConversationId], number>(
  'select count(*) from keyRequest where conversationId = ?',
  'value',
)

const insertGrant = insertOf(keyGrant, 'on conflict do nothing')
const putRequest = insertOf(
  keyRequest,
  `on conflict do update set firstEpoch = excluded.firstEpoch, lastEpoch = excluded.lastEpoch,
    askedAt = excluded.askedAt`,
)
const removeUpTo = new RawQuery<[ConversationId, DeviceId, lastEpoch: number]>(
  'delete from keyRequest where conversationId = ? and deviceId = ? and lastEpoch <= ?',
)
const removeOf = new RawQuery<[ConversationId, AccountId]>(
  'delete from keyRequest where conversationId = ? and accountId = ?',
)
const removeOfDevice = new RawQuery<[DeviceId]>('delete from keyRequest where deviceId = ?')
const removeBefore = new RawQuery<[Timestamp]>('delete from keyRequest where askedAt < ?')

export class KeyReading<Handle extends ReadHandle = ReadHandle> implements KeyReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async grantsTo({
    deviceId,
    conversationId,
    after,
    limit,
  }: Parameters<KeyReads['grantsTo']>[0]): Promise<Numbered[]> {
    const { connection } = this.handle
    return conversationId === undefined
      ? grantsTo.on(connection).all(deviceId, after, limit)
      : grantsToIn.on(connection).all(deviceId, conversationId, after, limit)
  }

  async requests(conversationId: ConversationId, since: Timestamp, limit: number): Promise<KeyRequestRow[]> {
    return requests.on(this.handle.connection).all(conversationId, since, limit)
  }

  async requestCount(conversationId: ConversationId): Promise<number> {
    return requestCount.on(this.handle.connection).get(conversationId) ?? 0
  }
}

export class KeyWriting extends KeyReading<WriteHandle> implements KeyWrites {
  async grant(grant: KeyGrantRow): Promise<boolean> {
    return insertGrant.on(this.handle.connection).run(grant).changes > 0
  }

  async putRequest(request: KeyRequestRow): Promise<void> {
    putRequest.on(this.handle.connection).run(request)
  }

  async removeRequestUpTo(
    conversationId: ConversationId,
    deviceId: DeviceId,
    lastEpoch: number,
  ): Promise<void> {
    removeUpTo.on(this.handle.connection).run(conversationId, deviceId, lastEpoch)
  }

  async removeRequestsOf(conversationId: ConversationId, accountId: AccountId): Promise<void> {
    removeOf.on(this.handle.connection).run(conversationId, accountId)
  }

  async removeRequestsOfDevice(deviceId: DeviceId): Promise<void> {
    removeOfDevice.on(this.handle.connection).run(deviceId)
  }

  async removeRequestsBefore(at: Timestamp): Promise<void> {
    removeBefore.on(this.handle.connection).run(at)
  }
}
