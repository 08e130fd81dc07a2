import type { Invitation, JoinRequest } from '@parley/domain/conversations'
import type { AccountId, ConversationId, Timestamp } from '@parley/domain/ids'
import { and, asc, desc, eq, gte, or } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import type { RequestReads, RequestWrites } from '../../stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, nestedQuery, query } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { invitationOf, joinRequestOf, storedInvitation, storedJoinRequest } from '../rows/conversations.ts'
import { conversation, invitation, joinRequest } from '../schema/conversations.ts'

type NamedRequest = { joinRequest: InferSelectModel<typeof joinRequest>; conversation: { name: string } }

const requestOf = (row: NamedRequest): JoinRequest => joinRequestOf(row.joinRequest, row.conversation.name)

const byKey = nestedQuery((given: Given<{ conversationId: ConversationId; accountId: AccountId }>) =>
  from
    .select()
    .from(joinRequest)
    .innerJoin(conversation, eq(conversation.id, joinRequest.conversationId))
    .where(
      and(
        eq(joinRequest.conversationId, given('conversationId')),
        eq(joinRequest.accountId, given('accountId')),
      ),
    ),
)

// Written out, so that SQLite sees that the index of waiting requests serves.
const waitingIn = new RawQuery<
  [ConversationId, limit: number],
  InferSelectModel<typeof joinRequest> & { name: string }
>(`
  select r.*, c.name from joinRequest r join conversation c on c.id = r.conversationId
  where r.conversationId = ? and r.state = 'waiting' order by r.askedAt, r.accountId limit ?`)

const waitingCount = new RawQuery<[ConversationId], number>(
  `select count(*) from joinRequest where conversationId = ? and state = 'waiting'`,
  'value',
)

const toDecide = new RawQuery<
  [AccountId, limit: number],
  InferSelectModel<typeof joinRequest> & { name: string }
>(`
  select r.*, c.name from member m
  cross join joinRequest r on r.conversationId = m.conversationId and r.state = 'waiting'
  cross join conversation c on c.id = r.conversationId and c.closedAt is null
  where m.accountId = ? and m.role in ('founder', 'admin') order by r.askedAt, r.accountId limit ?`)

const ofAccount = nestedQuery((given: Given<{ accountId: AccountId; since: Timestamp; limit: number }>) =>
  from
    .select()
    .from(joinRequest)
    .innerJoin(conversation, eq(conversation.id, joinRequest.conversationId))
    .where(
      and(
        eq(joinRequest.accountId, given('accountId')),
        or(eq(joinRequest.state, 'waiting'), gte(joinRequest.decidedAt, given('since'))),
      ),
    )
    .orderBy(desc(joinRequest.askedAt), asc(joinRequest.conversationId))
    .limit(given('limit')),
)

const invitationByKey = query((given: Given<{ fromId: AccountId; toId: AccountId }>) =>
  from
    .select()
    .from(invitation)
    .where(and(eq(invitation.fromId, given('fromId')), eq(invitation.toId, given('toId')))),
)

const invitationsOf = query((given: Given<{ accountId: AccountId; since: Timestamp; limit: number }>) =>
  from
    .select()
    .from(invitation)
    .where(
      and(
        or(eq(invitation.fromId, given('accountId')), eq(invitation.toId, given('accountId'))),
        or(eq(invitation.state, 'waiting'), gte(invitation.decidedAt, given('since'))),
      ),
    )
    .orderBy(desc(invitation.sentAt), asc(invitation.fromId), asc(invitation.toId))
    .limit(given('limit')),
)

const invitationsWaitingFrom = new RawQuery<[AccountId], number>(
  `select count(*) from invitation where fromId = ? and state = 'waiting'`,
  'value',
)

const putJoinRequest = insertOf(
  joinRequest,
  `on conflict do update set state = excluded.state, askedAt = excluded.askedAt, decidedAt = excluded.decidedAt,
    decidedBy = excluded.decidedBy, keyMaterial = excluded.keyMaterial, "grant" = excluded."grant",
    seen = excluded.seen`,
)
const putInvitation = insertOf(
  invitation,
  `on conflict do update set state = excluded.state, sentAt = excluded.sentAt, decidedAt = excluded.decidedAt,
    conversationId = excluded.conversationId, keyMaterial = excluded.keyMaterial, seen = excluded.seen`,
)

export class RequestReading<Handle extends ReadHandle = ReadHandle> implements RequestReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async joinRequest(conversationId: ConversationId, accountId: AccountId): Promise<JoinRequest | null> {
    const row = byKey.get(this.handle.connection, { conversationId, accountId })
    return row ? requestOf(row) : null
  }

  async waitingIn(conversationId: ConversationId, limit: number): Promise<JoinRequest[]> {
    const rows = waitingIn.on(this.handle.connection).all(conversationId, limit)
    return rows.map((row) => joinRequestOf(row, row.name))
  }

  async waitingCount(conversationId: ConversationId): Promise<number> {
    return waitingCount.on(this.handle.connection).get(conversationId) ?? 0
  }

  async toDecide(accountId: AccountId, limit: number): Promise<JoinRequest[]> {
    const rows = toDecide.on(this.handle.connection).all(accountId, limit)
    return rows.map((row) => joinRequestOf(row, row.name))
  }

  async joinRequestsOf(accountId: AccountId, since: Timestamp, limit: number): Promise<JoinRequest[]> {
    return ofAccount.all(this.handle.connection, { accountId, since, limit }).map(requestOf)
  }

  async invitation(fromId: AccountId, toId: AccountId): Promise<Invitation | null> {
    const row = invitationByKey.get(this.handle.connection, { fromId, toId })
    return row ? invitationOf(row) : null
  }

  async invitationsOf(accountId: AccountId, since: Timestamp, limit: number): Promise<Invitation[]> {
    return invitationsOf.all(this.handle.connection, { accountId, since, limit }).map(invitationOf)
  }

  async invitationsWaitingFrom(accountId: AccountId): Promise<number> {
    return invitationsWaitingFrom.on(this.handle.connection).get(accountId) ?? 0
  }
}

export class RequestWriting extends RequestReading<WriteHandle> implements RequestWrites {
  async putJoinRequest(request: Omit<JoinRequest, 'conversationName'>): Promise<void> {
    putJoinRequest.on(this.handle.connection).run(storedJoinRequest(request))
  }

  async putInvitation(row: Invitation): Promise<void> {
    putInvitation.on(this.handle.connection).run(storedInvitation(row))
  }
}
