import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, type TestPerson, signUp } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { host } from './host.ts'
import { caughtUp, engineAt, openDevice, settled, texts, until } from './devices.ts'

const serverTexts = async (person: TestPerson, conversationId: string): Promise<string[]> => {
  const { messages } = await person.http.messages.page.query({ conversationId, limit: 200 })
  return messages.map(({ content }) => (content.kind === 'plain' ? content.text : content.kind))
}

const numbered = (count: number, word = 'kept') =>
  Array.from({ length: count }, (_, index) => `${word} ${index + 1}`)

test('S10, P7: what was accepted by a process that is killed before it could send is sent once, in order', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  const id = await makeGroup(ada)
  using folder = temporaryFolder()
  const path = join(folder.path, 'store.db')
  {
    await using engine = engineAt({ url: server.url, token: ada.token, path })
    await caughtUp(engine)
  }
  await using proxy = await openFaultProxy(server.url)
  proxy.refuse()
  const killed = await host([proxy.through(server.url), ada.token, path, id], 20)
  await killed.kill()

  await using engine = engineAt({ url: server.url, token: ada.token, path })
  expect(texts(engine, id)).toEqual(numbered(20).map((text) => `${text} (sending)`))
  expect(engine.outbox().map((operation) => operation.id)).toEqual(killed.ids)
  await settled(engine)
  expect(texts(engine, id)).toEqual(numbered(20))
  expect(await serverTexts(ada, id)).toEqual(numbered(20))
})

test('S12, S15: a message that the server took from a process killed before it heard so is there once', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  const id = await makeGroup(ada)
  using folder = temporaryFolder()
  const path = join(folder.path, 'store.db')
  {
    await using engine = engineAt({ url: server.url, token: ada.token, path })
    await caughtUp(engine)
  }
  const killed = await host([server.url, ada.token, path, id], 30)
  // It is somewhere between its first message and its last.
  for (let sent = 0; sent < 3; sent = (await serverTexts(ada, id)).length);
  await killed.kill()

  await using engine = engineAt({ url: server.url, token: ada.token, path })
  await settled(engine)
  await caughtUp(engine)
  expect(await serverTexts(ada, id)).toEqual(numbered(30))
  expect(texts(engine, id)).toEqual(numbered(30))
})

test('S15: an answer that is lost leaves a message unconfirmed, and it arrives once', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  const id = await makeGroup(ada)
  await using proxy = await openFaultProxy(server.url)
  await using device = openDevice({ url: proxy.through(server.url) }, ada)
  const { engine } = device
  await caughtUp(engine)
  proxy.stall('down')
  engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'once' } })
  for (let sent = 0; sent === 0; sent = (await serverTexts(ada, id)).length);
  proxy.refuse()
  await until(engine, () => texts(engine, id)[0] === 'once (unconfirmed)')
  proxy.resume()
  engine.retryNow()
  await settled(engine)
  expect(texts(engine, id)).toEqual(['once'])
  expect(await serverTexts(ada, id)).toEqual(['once'])
})

test('P7, S13: a server that is killed in the middle gets each message once and in order', async () => {
  await using server = await spawnServer()
  await using ada = await signUp(server)
  const id = await makeGroup(ada)
  await using device = openDevice(server, ada)
  const { engine } = device
  await caughtUp(engine)
  for (const text of numbered(60))
    engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text } })
  await until(engine, () => engine.outbox().length < 50)
  await server.kill()
  await until(engine, () => engine.connection().kind !== 'online')
  expect(texts(engine, id)).toHaveLength(60)
  await server.restart()
  engine.retryNow()
  await settled(engine)
  expect(texts(engine, id)).toEqual(numbered(60))
  expect(await serverTexts(ada, id)).toEqual(numbered(60))
})
