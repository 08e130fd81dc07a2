import { expect, test } from 'vitest'
import { makeGroup, send, signUp } from '../src/people.ts'
import { spawnServer } from '../src/spawn-server.ts'
import { startServer } from '../src/start-server.ts'

test('two people talk in a group, on a server in this process', async () => {
  await using server = await startServer()
  await using ann = await signUp(server)
  await using bob = await signUp(server)
  const group = await makeGroup(ann, [bob])
  const sent = await send(ann, group, 'Hello')
  const page = await bob.api.messages.page.query({ conversationId: group })
  expect(page.messages).toMatchObject([{ id: sent.messageId, content: { kind: 'plain', text: 'Hello' } }])
})

test('a server in a process of its own can be killed, and goes on with its data', async () => {
  await using server = await spawnServer()
  await using ann = await signUp(server)
  const group = await makeGroup(ann)
  const sent = await send(ann, group, 'Before')
  expect(await server.kill()).toEqual({ code: null, signal: 'SIGKILL' })
  await server.restart()
  const page = await ann.http.messages.page.query({ conversationId: group })
  expect(page.messages.map(({ id }) => id)).toEqual([sent.messageId])
  expect(await server.stop()).toEqual({ code: 0, signal: null })
})
