import { closeConversation } from '@parley/chat/conversations/change'
import { askToJoin } from '@parley/chat/conversations/join-requests'
import { addMembers } from '@parley/chat/conversations/members'
import { sendMessage } from '@parley/chat/messages/send'
import { expect, test } from 'vitest'
import { group, person, saying, testChat } from './harness.ts'

test('who joins has nothing unread of what was said before, and all of what is said from then on', async () => {
  await using testing = await testChat()
  const { chat, db } = testing
  const founder = await person(testing, 'founder')
  const newcomer = await person(testing, 'newcomer')
  const { id } = await group(testing, founder)
  for (const text of ['one', 'two', 'three']) await sendMessage(chat, founder, saying(id, text))
  await addMembers(chat, founder, { conversationId: id, accountIds: [newcomer.accountId] })
  expect(await db.read.conversations.mineOne(newcomer.accountId, id)).toMatchObject({ unread: 0 })
  await sendMessage(chat, founder, saying(id, 'four'))
  expect(await db.read.conversations.mineOne(newcomer.accountId, id)).toMatchObject({ unread: 1 })
})

test('nobody is asked to decide on a request for a group that is closed', async () => {
  await using testing = await testChat()
  const { chat, db } = testing
  const founder = await person(testing, 'founder')
  const asker = await person(testing, 'asker')
  const { id } = await group(testing, founder, { joinPolicy: 'approval' })
  await askToJoin(chat, asker, { conversationId: id })
  expect(await db.read.requests.toDecide(founder.accountId, 10)).toHaveLength(1)
  await closeConversation(chat, founder, id)
  expect(await db.read.requests.toDecide(founder.accountId, 10)).toEqual([])
})
