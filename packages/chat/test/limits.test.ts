import type { Actor } from '@parley/chat/actor'
import { blankAccount } from '@parley/chat/accounts/sign-up'
import { sendInvitation } from '@parley/chat/conversations/invitations'
import { joinConversation } from '@parley/chat/conversations/join'
import { askToJoin } from '@parley/chat/conversations/join-requests'
import { addMembers } from '@parley/chat/conversations/members'
import { react } from '@parley/chat/messages/change'
import { sendMessage } from '@parley/chat/messages/send'
import { newConversationId } from '@parley/chat/secrets'
import type { ConversationRow } from '@parley/db/stores'
import { type AccountId, Position } from '@parley/domain/ids'
import {
  conversationsPerAccountMax,
  invitationsPerAccountMax,
  joinRequestsPerConversationMax,
  membersPerConversationMax,
  reactionsPerMessageMax,
} from '@parley/domain/limits'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { group, person, saying, testChat } from './harness.ts'

const testing = await testChat()
afterAll(() => testing[Symbol.asyncDispose]())
const { chat, db } = testing

const membership = (
  accountId: AccountId,
  conversationId: ConversationRow['id'],
  role: 'founder' | 'member',
) => ({
  accountId,
  conversationId,
  role,
  joinedAt: 0,
  joinedPosition: Position.parse(0),
  readUpTo: 0,
  readOrdinal: 0,
})

describe('P5: things are limited, and what is one too many changes nothing', () => {
  let founder: Actor
  let late: Actor
  let crowd: AccountId[]

  // Laid into the tables, as ten thousand sign-ups would take their time.
  beforeAll(async () => {
    founder = await person(testing, 'founder')
    late = await person(testing, 'late')
    crowd = await db.write(async (tx) => {
      const ids: AccountId[] = []
      for (let nth = 0; nth < membersPerConversationMax; nth += 1) {
        const account = blankAccount(`crowd-${nth}`, 0)
        await tx.accounts.insert(account)
        ids.push(account.id)
      }
      return ids
    })
  })

  test('members of a conversation', async () => {
    const { id: conversationId } = await group(testing, founder, { joinPolicy: 'open' })
    const [last, oneMore, ...rest] = crowd
    if (last === undefined || oneMore === undefined) throw new Error('There is no crowd')
    await db.write(async (tx) => {
      for (const id of rest) await tx.members.insert(membership(id, conversationId, 'member'))
    })
    const add = (...accountIds: AccountId[]) => addMembers(chat, founder, { conversationId, accountIds })
    await expect(add(last, oneMore)).rejects.toMatchObject({ kind: 'conversation-full' })
    expect(await db.read.members.count(conversationId)).toBe(membersPerConversationMax - 1)
    await add(last)
    await expect(joinConversation(chat, late, { conversationId })).rejects.toMatchObject({
      kind: 'conversation-full',
    })
    expect(await db.read.members.count(conversationId)).toBe(membersPerConversationMax)
    // What there is no room for can be made.
    const { id: other } = await group(testing, founder)
    await addMembers(chat, founder, { conversationId: other, accountIds: [oneMore] })
  })

  test('conversations of an account', async () => {
    const many = await person(testing, 'in-many')
    const { id: oneMore } = await group(testing, founder, { joinPolicy: 'open' })
    await db.write(async (tx) => {
      for (let nth = 0; nth < conversationsPerAccountMax; nth += 1) {
        const conversation: ConversationRow = {
          id: newConversationId(),
          kind: 'group',
          name: `Group ${nth}`,
          description: '',
          joinPolicy: 'closed',
          listed: false,
          sealed: false,
          founderId: many.accountId,
          createdAt: 0,
          closedAt: null,
          passwordHash: null,
        }
        await tx.conversations.insert(conversation)
        await tx.members.insert(membership(many.accountId, conversation.id, 'founder'))
      }
    })
    const head = db.head()
    const tooMany = { kind: 'too-many' }
    await expect(joinConversation(chat, many, { conversationId: oneMore })).rejects.toMatchObject(tooMany)
    await expect(group(testing, many)).rejects.toMatchObject(tooMany)
    const added = addMembers(chat, founder, { conversationId: oneMore, accountIds: [many.accountId] })
    await expect(added).rejects.toMatchObject(tooMany)
    expect(db.head()).toBe(head)
  })

  test('join requests that wait in a group', async () => {
    const { id: conversationId } = await group(testing, founder, { joinPolicy: 'approval' })
    await db.write(async (tx) => {
      for (const accountId of crowd.slice(0, joinRequestsPerConversationMax)) {
        const state = 'waiting'
        const decision = { decidedAt: null, decidedBy: null }
        await tx.requests.putJoinRequest({ conversationId, accountId, state, askedAt: 0, ...decision })
      }
    })
    await expect(askToJoin(chat, late, { conversationId })).rejects.toMatchObject({ kind: 'too-many' })
    const [first] = crowd
    if (first === undefined) throw new Error('There is no crowd')
    await addMembers(chat, founder, { conversationId, accountIds: [first] })
    expect(await askToJoin(chat, late, { conversationId })).toMatchObject({ state: 'waiting' })
  })

  test('invitations of an account that wait', async () => {
    const [oneMore, ...others] = crowd
    if (oneMore === undefined) throw new Error('There is no crowd')
    await db.write(async (tx) => {
      for (const toId of others.slice(0, invitationsPerAccountMax)) {
        const answer = { decidedAt: null, conversationId: null }
        await tx.requests.putInvitation({
          fromId: late.accountId,
          toId,
          state: 'waiting',
          sentAt: 0,
          ...answer,
        })
      }
    })
    const sent = sendInvitation(chat, late, { accountId: oneMore })
    await expect(sent).rejects.toMatchObject({ kind: 'too-many' })
    expect(await sendInvitation(chat, founder, { accountId: oneMore })).toMatchObject({ state: 'waiting' })
  })

  test('reactions to a message', async () => {
    const { id: conversationId } = await group(testing, founder)
    const { messageId } = await sendMessage(chat, founder, saying(conversationId, 'hello'))
    const accountIds = crowd.slice(0, reactionsPerMessageMax)
    await db.write(async (tx) => {
      const message = await tx.messages.get(conversationId, messageId)
      if (message) await tx.messages.replace({ ...message, reactions: [{ emoji: '👍', accountIds }] })
    })
    const input = { conversationId, messageId, emoji: '👍', on: true }
    await expect(react(chat, founder, input)).rejects.toMatchObject({ kind: 'too-many' })
    // Taking back what is not there is done already.
    await react(chat, founder, { ...input, on: false })
  })
})
