import type { Invitation, JoinRequest } from '@parley/domain/conversations'
import { expect, test } from 'vitest'
import { accountId, aDirect, conversationId, peopled } from '../fixtures.ts'
import type { OpenEmpty } from './opening.ts'

const aRequest = (group: number, account: number, change: Partial<JoinRequest> = {}) => ({
  conversationId: conversationId(group),
  accountId: accountId(account),
  state: 'waiting' as const,
  askedAt: 100 + account,
  decidedAt: null,
  decidedBy: null,
  ...change,
})

const anInvitation = (from: number, to: number, change: Partial<Invitation> = {}): Invitation => ({
  fromId: accountId(from),
  toId: accountId(to),
  state: 'waiting',
  sentAt: 100 + from * 10 + to,
  decidedAt: null,
  conversationId: null,
  ...change,
})

export const requestsContract = (open: OpenEmpty): void => {
  test('a join request is one for an account and a conversation, and says what it was put to last', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 2, 1)
    const first = aRequest(1, 2, { keyMaterial: 'keys' })
    await db.write((tx) => tx.requests.putJoinRequest(first))
    expect(await db.read.requests.joinRequest(conversationId(1), accountId(2))).toEqual({
      ...first,
      conversationName: 'Group 1',
    })
    const decided = aRequest(1, 2, {
      state: 'approved',
      decidedAt: 300,
      decidedBy: accountId(1),
      grant: 'grant',
    })
    await db.write((tx) => tx.requests.putJoinRequest(decided))
    expect(await db.read.requests.joinRequest(conversationId(1), accountId(2))).toEqual({
      ...decided,
      conversationName: 'Group 1',
    })
    expect(await db.read.requests.joinRequest(conversationId(1), accountId(1))).toBeNull()
  })

  test('waiting requests come oldest first, to those who may decide on them', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 9, 3)
    await db.write(async (tx) => {
      await tx.members.setRole(conversationId(2), accountId(5), 'admin')
      await tx.requests.putJoinRequest(aRequest(1, 8, { askedAt: 3 }))
      await tx.requests.putJoinRequest(aRequest(1, 7, { askedAt: 1 }))
      await tx.requests.putJoinRequest(aRequest(1, 6, { askedAt: 2, state: 'declined', decidedAt: 9 }))
      await tx.requests.putJoinRequest(aRequest(2, 8, { askedAt: 2 }))
    })
    const who = (requests: JoinRequest[]) =>
      requests.map((request) => [request.conversationId, request.accountId])
    const waiting = [
      [conversationId(1), accountId(7)],
      [conversationId(2), accountId(8)],
      [conversationId(1), accountId(8)],
    ]
    expect(who(await db.read.requests.toDecide(accountId(1), 9))).toEqual(waiting)
    expect(who(await db.read.requests.toDecide(accountId(1), 1))).toEqual([waiting[0]])
    expect(who(await db.read.requests.toDecide(accountId(5), 9))).toEqual([waiting[1]])
    expect(await db.read.requests.toDecide(accountId(4), 9)).toEqual([])
    expect(who(await db.read.requests.waitingIn(conversationId(1), 9))).toEqual([waiting[0], waiting[2]])
    expect(await db.read.requests.waitingIn(conversationId(1), 1)).toHaveLength(1)
    expect(await db.read.requests.waitingCount(conversationId(1))).toBe(2)
    expect(await db.read.requests.waitingCount(conversationId(3))).toBe(0)
  })

  test('my own requests are those that wait, and those decided lately, newest first', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 3, 4)
    await db.write(async (tx) => {
      await tx.requests.putJoinRequest(aRequest(1, 2, { askedAt: 1 }))
      await tx.requests.putJoinRequest(aRequest(2, 2, { askedAt: 2, state: 'approved', decidedAt: 50 }))
      await tx.requests.putJoinRequest(aRequest(3, 2, { askedAt: 3, state: 'declined', decidedAt: 49 }))
      await tx.requests.putJoinRequest(aRequest(4, 3, { askedAt: 4 }))
    })
    const mine = async (limit: number) =>
      (await db.read.requests.joinRequestsOf(accountId(2), 50, limit)).map(
        (request) => request.conversationId,
      )
    expect(await mine(9)).toEqual([2, 1].map(conversationId))
    expect(await mine(1)).toEqual([conversationId(2)])
  })

  test('an invitation is one for a pair and a direction', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 3)
    await db.write((tx) => tx.conversations.insertDirect(aDirect(1, 1, 2)))
    const there = anInvitation(1, 2, { keyMaterial: 'keys' })
    await db.write((tx) => tx.requests.putInvitation(there))
    await db.write((tx) => tx.requests.putInvitation(anInvitation(2, 1)))
    expect(await db.read.requests.invitation(accountId(1), accountId(2))).toEqual(there)
    const accepted = anInvitation(1, 2, {
      state: 'accepted',
      decidedAt: 7,
      conversationId: conversationId(1),
    })
    await db.write((tx) => tx.requests.putInvitation(accepted))
    expect(await db.read.requests.invitation(accountId(1), accountId(2))).toEqual(accepted)
    expect(await db.read.requests.invitation(accountId(2), accountId(1))).toEqual(anInvitation(2, 1))
    expect(await db.read.requests.invitation(accountId(1), accountId(3))).toBeNull()
  })

  test('the invitations of an account are those it sent and got, waiting or decided lately', async () => {
    await using opened = await open()
    const { db } = opened
    await peopled(db, 5)
    await db.write(async (tx) => {
      await tx.requests.putInvitation(anInvitation(1, 2, { sentAt: 1 }))
      await tx.requests.putInvitation(anInvitation(3, 1, { sentAt: 2, state: 'declined', decidedAt: 50 }))
      await tx.requests.putInvitation(anInvitation(1, 4, { sentAt: 3, state: 'withdrawn', decidedAt: 49 }))
      await tx.requests.putInvitation(anInvitation(4, 5, { sentAt: 4 }))
      await tx.requests.putInvitation(anInvitation(1, 5, { sentAt: 5 }))
    })
    const of = await db.read.requests.invitationsOf(accountId(1), 50, 9)
    expect(of.map(({ sentAt }) => sentAt)).toEqual([5, 2, 1])
    expect(await db.read.requests.invitationsOf(accountId(1), 50, 1)).toHaveLength(1)
    expect(await db.read.requests.invitationsWaitingFrom(accountId(1))).toBe(2)
    expect(await db.read.requests.invitationsWaitingFrom(accountId(3))).toBe(0)
  })
}
