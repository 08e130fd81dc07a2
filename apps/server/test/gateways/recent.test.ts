import { ConversationId } from '@parley/domain/ids'
import { Recent } from '@parley/server/gateways/recent'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'

test('a list is made once for all who ask in a turn from the same position on, and anew for a later one', async () => {
  await using server = await startServer()
  await using ann = await signUp(server)
  const room = ConversationId.parse(await makeGroup(ann))
  const actor = { accountId: ann.account.id, sessionId: ann.sessionId, operator: false }
  const recent = new Recent(server.chat)
  const { messageId } = await send(ann, room, 'hello')
  const list = recent.of(actor, room, messageId)
  expect(recent.of(actor, room, messageId)).toBe(list)
  expect(recent.of(actor, room, messageId + 1)).not.toBe(list)
  expect(JSON.parse((await list).toString())).toMatchObject([{ message: 'hello', username: ann.username }])
  await new Promise((resolve) => setImmediate(resolve))
  expect(recent.of(actor, room, messageId)).not.toBe(list)
})
