import { expect, test } from 'vitest'
import { isServed, query, rawClient } from './clients.ts'
import { startServer } from './fixture.ts'

test('a call under way when the time to authenticate is over is answered, no other is begun, and then it is cut off', async () => {
  await using server = await startServer()
  using witness = await rawClient(server)
  using stranger = await rawClient(server, null)
  stranger.send(query(1, 'hold', 'gate'))
  while (server.stage.held === 0) await isServed(witness)
  server.clock.advance(5_250)
  stranger.send(query(2, 'hold', 'gate'))
  expect(await isServed(witness)).toBe(true)
  server.stage.gates.at('gate').resolve()
  expect(await stranger.next()).toMatchObject({ id: 1, result: { data: 'gate' } })
  expect(await stranger.closed).toMatchObject({ code: 4408 })
  expect(stranger.unread).toEqual([])
  expect(server.stage.held).toBe(1)
})
