import type { AccountId, ClientConversationId, ConversationId } from '@parley/domain/ids'
import { searchWordsMax } from '@parley/domain/limits'
import { and, eq } from 'drizzle-orm'
import type {
  ConversationReads,
  ConversationRow,
  ConversationWrites,
  MyConversationRow,
  Standing,
} from '../../stores.ts'
import { wordsOf } from '../folding.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, query, replaceOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { conversationOf, directKey, storedConversation } from '../rows/conversations.ts'
import { conversation } from '../schema/conversations.ts'
import { readMine, readMineOne } from './mine.ts'
import { readStanding } from './standing.ts'

const byId = query((given: Given<{ id: ConversationId }>) =>
  from
    .select()
    .from(conversation)
    .where(eq(conversation.id, given('id'))),
)

const byDirectKey = query((given: Given<{ key: string }>) =>
  from
    .select()
    .from(conversation)
    .where(eq(conversation.directKey, given('key'))),
)

const byMaker = query((given: Given<{ clientConversationId: ClientConversationId; makerId: AccountId }>) =>
  from
    .select()
    .from(conversation)
    .where(
      and(
        eq(conversation.clientConversationId, given('clientConversationId')),
        eq(conversation.makerId, given('makerId')),
      ),
    ),
)

interface ListedRow {
  id: ConversationId
  nameKey: string
  name: string
  description: string
  joinPolicy: ConversationRow['joinPolicy']
  sealed: number
  memberCount: number
  isMember: number
}

/** Reads the index in its order from where the last page ended, and stops when the page is full. */
const listedOf = (words: number) =>
  new RawQuery<
    [accountId: AccountId, afterKey: string, afterId: string, ...words: string[], limit: string | number],
    ListedRow
  >(`
    select id, nameKey, name, description, joinPolicy, sealed, memberCount,
      exists (select 1 from member where conversationId = conversation.id and accountId = ?) as isMember
    from conversation where listed = 1 and closedAt is null and (nameKey, id) > (?, ?)
      ${"and instr(' ' || nameKey, ' ' || ?) > 0 ".repeat(words)}
    order by nameKey, id limit ?`)
const listings = Array.from({ length: searchWordsMax + 1 }, (_, words) => listedOf(words))

const insertConversation = insertOf(conversation, 'on conflict (clientConversationId, makerId) do nothing')
const insertDirect = insertOf(conversation, 'on conflict (directKey) do nothing')
const replaceConversation = replaceOf(conversation, 'id')

export class ConversationReading<Handle extends ReadHandle = ReadHandle> implements ConversationReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async byId(id: ConversationId): Promise<ConversationRow | null> {
    const row = byId.get(this.handle.connection, { id })
    return row ? conversationOf(row) : null
  }

  async standing(id: ConversationId, accountId: AccountId): Promise<Standing | null> {
    return readStanding(this.handle.connection, id, accountId)
  }

  async directOf(one: AccountId, other: AccountId): Promise<ConversationRow | null> {
    const row = byDirectKey.get(this.handle.connection, { key: directKey(one, other) })
    return row ? conversationOf(row) : null
  }

  async madeAs(
    makerId: AccountId,
    clientConversationId: ClientConversationId,
  ): Promise<ConversationRow | null> {
    const row = byMaker.get(this.handle.connection, { makerId, clientConversationId })
    return row ? conversationOf(row) : null
  }

  async listed(input: Parameters<ConversationReads['listed']>[0]): ReturnType<ConversationReads['listed']> {
    const words = wordsOf(input.words ?? '').slice(0, searchWordsMax)
    const afterId = (input.after ?? '').slice(0, idChars)
    const afterKey = (input.after ?? '').slice(idChars)
    const listing = listings[words.length]
    if (!listing) return { groups: [], next: null }
    const rows = listing
      .on(this.handle.connection)
      .all(input.accountId, afterKey, afterId, ...words, input.limit + 1)
    const groups = rows.slice(0, input.limit)
    const last = rows.length > input.limit ? groups.at(-1) : undefined
    return {
      groups: groups.map(({ nameKey: _, ...row }) => ({
        ...row,
        sealed: row.sealed === 1,
        isMember: row.isMember === 1,
      })),
      next: last ? last.id + last.nameKey : null,
    }
  }

  async mine(input: Parameters<ConversationReads['mine']>[0]): ReturnType<ConversationReads['mine']> {
    return readMine(this.handle.connection, input)
  }

  async mineOne(accountId: AccountId, id: ConversationId): Promise<MyConversationRow | null> {
    return readMineOne(this.handle.connection, accountId, id)
  }
}

export class ConversationWriting extends ConversationReading<WriteHandle> implements ConversationWrites {
  async insert(row: ConversationRow): Promise<boolean> {
    const { connection } = this.handle
    return insertConversation.on(connection).run(storedConversation(row, 0, row.founderId)).changes > 0
  }

  async insertDirect(row: ConversationRow): Promise<boolean> {
    return insertDirect.on(this.handle.connection).run(storedConversation(row, 0, null)).changes > 0
  }

  async update(id: ConversationId, change: Parameters<ConversationWrites['update']>[1]): Promise<void> {
    const { connection } = this.handle
    const row = byId.get(connection, { id })
    if (!row) throw new Error(`There is no conversation ${id}`)
    replaceConversation
      .on(connection)
      .run(storedConversation({ ...conversationOf(row), ...change }, row.memberCount, row.makerId))
  }
}

const idChars = 16
