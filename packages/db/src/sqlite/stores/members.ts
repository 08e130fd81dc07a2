import type { Role } from '@parley/domain/conversations'
import type { AccountId, ConversationId, MessageId, Position } from '@parley/domain/ids'
import { and, asc, eq, gt } from 'drizzle-orm'
import type { MemberReads, MemberRow, MemberWrites } from '../../stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, query } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { memberOf, storedMember } from '../rows/conversations.ts'
import { member } from '../schema/conversations.ts'
import { unreadOf } from './unread.ts'

const memberByKey = query((given: Given<{ conversationId: ConversationId; accountId: AccountId }>) =>
  from
    .select()
    .from(member)
    .where(and(eq(member.conversationId, given('conversationId')), eq(member.accountId, given('accountId')))),
)

const pageAfter = query((given: Given<{ conversationId: ConversationId; after: string; limit: number }>) =>
  from
    .select()
    .from(member)
    .where(and(eq(member.conversationId, given('conversationId')), gt(member.accountId, given('after'))))
    .orderBy(asc(member.accountId))
    .limit(given('limit')),
)

const memberCount = new RawQuery<[ConversationId], number>(
  'select memberCount from conversation where id = ?',
  'value',
)
const deciders = new RawQuery<[ConversationId], AccountId>(
  `select accountId from member where conversationId = ? and role <> 'member' order by accountId`,
  'value',
)
const channelsOf = new RawQuery<[AccountId], { conversationId: ConversationId; joinedPosition: Position }>(
  'select conversationId, joinedPosition from member where accountId = ?',
)
const countOf = new RawQuery<[AccountId], number>('select count(*) from member where accountId = ?', 'value')

const insertMember = insertOf(member, 'on conflict do nothing')
const removeMember = new RawQuery<[ConversationId, AccountId]>(
  'delete from member where conversationId = ? and accountId = ?',
)
const countMembers = new RawQuery<[by: number, ConversationId]>(
  'update conversation set memberCount = memberCount + ? where id = ?',
)
const setRole = new RawQuery<[Role, ConversationId, AccountId]>(
  'update member set role = ? where conversationId = ? and accountId = ?',
)
const newestUpTo = new RawQuery<[ConversationId, upTo: number], { position: number; ordinal: number }>(
  'select position, ordinal from message where conversationId = ? and position <= ? order by position desc limit 1',
)
const setRead = new RawQuery<[readUpTo: number, readOrdinal: number, ConversationId, AccountId]>(
  'update member set readUpTo = ?, readOrdinal = ? where conversationId = ? and accountId = ?',
)

export class MemberReading<Handle extends ReadHandle = ReadHandle> implements MemberReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async get(conversationId: ConversationId, accountId: AccountId): Promise<MemberRow | null> {
    const row = memberByKey.get(this.handle.connection, { conversationId, accountId })
    return row ? memberOf(row) : null
  }

  async page(
    conversationId: ConversationId,
    after: AccountId | undefined,
    limit: number,
  ): Promise<MemberRow[]> {
    return pageAfter.all(this.handle.connection, { conversationId, after: after ?? '', limit }).map(memberOf)
  }

  async count(conversationId: ConversationId): Promise<number> {
    return memberCount.on(this.handle.connection).get(conversationId) ?? 0
  }

  async deciders(conversationId: ConversationId): Promise<AccountId[]> {
    return deciders.on(this.handle.connection).all(conversationId)
  }

  async channelsOf(
    accountId: AccountId,
  ): Promise<{ conversationId: ConversationId; joinedPosition: Position }[]> {
    return channelsOf.on(this.handle.connection).all(accountId)
  }

  async countOf(accountId: AccountId): Promise<number> {
    return countOf.on(this.handle.connection).get(accountId) ?? 0
  }
}

export class MemberWriting extends MemberReading<WriteHandle> implements MemberWrites {
  async insert(row: MemberRow): Promise<boolean> {
    const { connection } = this.handle
    const inserted = insertMember.on(connection).run(storedMember(row)).changes > 0
    if (inserted) countMembers.on(connection).run(1, row.conversationId)
    return inserted
  }

  async remove(conversationId: ConversationId, accountId: AccountId): Promise<boolean> {
    const { connection } = this.handle
    const removed = removeMember.on(connection).run(conversationId, accountId).changes > 0
    if (removed) countMembers.on(connection).run(-1, conversationId)
    return removed
  }

  async setRole(conversationId: ConversationId, accountId: AccountId, role: Role): Promise<void> {
    const { changes } = setRole.on(this.handle.connection).run(role, conversationId, accountId)
    if (changes === 0) throw new Error(`${accountId} is no member of ${conversationId}`)
  }

  async advanceRead(
    conversationId: ConversationId,
    accountId: AccountId,
    messageId: MessageId,
  ): ReturnType<MemberWrites['advanceRead']> {
    const { connection } = this.handle
    const row = memberByKey.get(connection, { conversationId, accountId })
    if (!row) throw new Error(`${accountId} is no member of ${conversationId}`)
    // A marker beyond the newest message would count what is not said yet as read.
    const reached = newestUpTo.on(connection).get(conversationId, messageId)
    const moved = reached !== undefined && reached.position > row.readUpTo
    if (moved) setRead.on(connection).run(reached.position, reached.ordinal, conversationId, accountId)
    const readUpTo = moved ? reached.position : row.readUpTo
    const readOrdinal = moved ? reached.ordinal : row.readOrdinal
    const last = newestUpTo.on(connection).get(conversationId, Number.MAX_SAFE_INTEGER)?.ordinal ?? 0
    return { moved, readUpTo, ...unreadOf(connection, { ...row, readUpTo, readOrdinal }, last) }
  }
}
