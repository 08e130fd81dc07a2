import { join } from 'node:path'
import { connect } from '@parley/client/connect'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import type { ServerPort } from '@parley/sync/ports'
import { caughtUp, testKey, texts, until } from './devices.ts'

/** A server whose pages of history are held back until they are let go. */
function holdingPages(server: ServerPort) {
  const gate = Promise.withResolvers<void>()
  const refused = Promise.withResolvers<void>()
  const port: ServerPort = {
    ...server,
    get state() {
      return server.state
    },
    async page(wish) {
      await gate.promise
      try {
        return await server.page(wish)
      } catch (error) {
        refused.resolve()
        throw error
      }
    },
  }
  return { port, letGo: gate.resolve, refused: refused.promise }
}

test('S1: a page that was refused to somebody who was removed comes when the account is back', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  await using bob = await signUp(server)
  const id = await makeGroup(ada, [bob])
  await send(ada, id, 'one')
  await send(ada, id, 'two')
  using folder = temporaryFolder()
  const held = Promise.withResolvers<ReturnType<typeof holdingPages>>()
  await using engine = openEngine({
    path: join(folder.path, 'store.db'),
    key: testKey,
    connect: (onState) => {
      const holding = holdingPages(serverOver(connect({ url: server.url, token: bob.token, onState })))
      held.resolve(holding)
      return holding.port
    },
  })
  const { letGo, refused } = await held.promise
  await caughtUp(engine)
  expect(texts(engine, id)).toEqual(['two'])
  await ada.http.conversations.removeMember.mutate({ conversationId: id, accountId: bob.account.id })
  await until(engine, () => engine.conversation(id) === null)
  letGo()
  await refused
  await ada.http.conversations.addMembers.mutate({ conversationId: id, accountIds: [bob.account.id] })
  await until(engine, () => engine.conversation(id) !== null && texts(engine, id).length === 2)
  expect(texts(engine, id)).toEqual(['one', 'two'])
})
