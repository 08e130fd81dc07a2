import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { ChainEntryRow, ChainHeadRow, ChainReads, ChainWrites, OwedRow } from '../../sealed-stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { chainEntry, revocationOwed } from '../schema/sealed.ts'

const newest = new RawQuery<[ConversationId], { index: number; hash: string }>(`
  select entryIndex as "index", hash from chainEntry where conversationId = ? order by entryIndex desc limit 1`)
const first = new RawQuery<[ConversationId], string>(
  'select hash from chainEntry where conversationId = ? and entryIndex = 0',
  'value',
)
const entries = new RawQuery<[ConversationId, from: number, limit: number], ChainEntryRow>(`
  select entryIndex as "index", position, bytes from chainEntry
  where conversationId = ? and entryIndex >= ? order by entryIndex limit ?`)
const owed = new RawQuery<[ConversationId], OwedRow>(
  'select conversationId, accountId, identity, entryIndex as "index" from revocationOwed where conversationId = ?',
)
const owe = insertOf(
  revocationOwed,
  'on conflict do update set identity = excluded.identity, entryIndex = excluded.entryIndex',
)
const settle = new RawQuery<[ConversationId, AccountId]>(
  'delete from revocationOwed where conversationId = ? and accountId = ?',
)
const insertEntry = insertOf(chainEntry)

export class ChainReading<Handle extends ReadHandle = ReadHandle> implements ChainReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async head(conversationId: ConversationId): Promise<ChainHeadRow | null> {
    const { connection } = this.handle
    const chain = first.on(connection).get(conversationId)
    const head = newest.on(connection).get(conversationId)
    return chain === undefined || !head ? null : { chain, ...head }
  }

  async entries(conversationId: ConversationId, from: number, limit: number): Promise<ChainEntryRow[]> {
    return entries.on(this.handle.connection).all(conversationId, from, limit)
  }

  async owed(conversationId: ConversationId): Promise<OwedRow[]> {
    return owed.on(this.handle.connection).all(conversationId)
  }
}

export class ChainWriting extends ChainReading<WriteHandle> implements ChainWrites {
  async append({
    index,
    ...entry
  }: ChainEntryRow & { conversationId: ConversationId; hash: string }): Promise<void> {
    insertEntry.on(this.handle.connection).run({ ...entry, entryIndex: index })
  }

  async owe({ index, ...revocation }: OwedRow): Promise<void> {
    owe.on(this.handle.connection).run({ ...revocation, entryIndex: index })
  }

  async settle(conversationId: ConversationId, accountId: AccountId): Promise<void> {
    settle.on(this.handle.connection).run(conversationId, accountId)
  }
}
