import type { ConversationId } from '@parley/domain/ids'
import type { ChainEntryRow, ChainHeadRow, ChainReads, ChainWrites } from '../../sealed-stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { chainEntry } from '../schema/sealed.ts'

const newest = new RawQuery<[ConversationId], { index: number; hash: string }>(`
  select entryIndex as "index", hash from chainEntry where conversationId = ? order by entryIndex desc limit 1`)
const first = new RawQuery<[ConversationId], string>(
  'select hash from chainEntry where conversationId = ? and entryIndex = 0',
  'value',
)
const entries = new RawQuery<[ConversationId, from: number, limit: number], ChainEntryRow>(`
  select entryIndex as "index", position, bytes from chainEntry
  where conversationId = ? and entryIndex >= ? order by entryIndex limit ?`)
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
}

export class ChainWriting extends ChainReading<WriteHandle> implements ChainWrites {
  async append({
    index,
    ...entry
  }: ChainEntryRow & { conversationId: ConversationId; hash: string }): Promise<void> {
    insertEntry.on(this.handle.connection).run({ ...entry, entryIndex: index })
  }
}
