import { join } from 'node:path'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'
import { heardUpTo } from './hearing.ts'

test('P7: what is written without a connection is kept over a restart, and sent once and in order', async () => {
  await using server = await startServer()
  await using proxy = await openFaultProxy(server.url)
  using folder = temporaryFolder('parley-app')
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  const id = await makeGroup(adas, [bens], { name: 'Engines' })
  await send(bens, id, 'before')
  await using ada = await Device.signIn(proxy.through(server.url), 'ada', join(folder.path, 'device'))
  await ada.open('Engines')
  await ada.message('before').waitFor()

  proxy.refuse()
  await ada.page.getByRole('button', { name: 'Retry now' }).waitFor()
  await ada.say('first')
  await ada.say('second')
  await ada.message('second').waitFor()
  await ada.app.quit()

  await ada.startAgain()
  await ada.open('Engines')
  await ada.message('before').waitFor()
  await ada.say('third')
  await ada.message('third').waitFor()
  expect(await ada.texts()).toEqual(['before', 'first', 'second', 'third'])

  proxy.resume()
  expect(await heardUpTo(server, bens, id, 'third')).toEqual(['before', 'first', 'second', 'third'])
  await ada.log.getByText('Waiting to be sent').last().waitFor({ state: 'detached' })
  expect(await ada.texts()).toEqual(['before', 'first', 'second', 'third'])
})

test('P2, P7: an app that is killed while it sends has sent each message once when it is back', async () => {
  await using server = await startServer()
  using folder = temporaryFolder('parley-app')
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  const id = await makeGroup(adas, [], { name: 'Engines' })
  await using ada = await Device.signIn(server.url, 'ada', join(folder.path, 'device'))
  await ada.open('Engines')
  const texts = Array.from({ length: 12 }, (_, index) => `message ${String(index)}`)
  for (const text of texts) await ada.say(text)
  await ada.message(texts.at(-1) ?? '').waitFor()
  await ada.kill()
  await ada.startAgain()
  await ada.open('Engines')
  expect(await heardUpTo(server, adas, id, texts.at(-1) ?? '')).toEqual(texts)
  await ada.message(texts.at(-1) ?? '').waitFor()
  expect(await ada.texts()).toEqual(texts)
})

test('P1, P4: a server that is killed and started again takes up where it was', async () => {
  await using server = await spawnServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  const id = await makeGroup(adas, [bens], { name: 'Engines' })
  await using ada = await Device.signIn(server.url, 'ada')
  await ada.open('Engines')
  await ada.say('before')
  await heardUpTo(server, bens, id, 'before')
  await server.kill()
  await ada.page.getByRole('button', { name: 'Retry now' }).waitFor()
  await ada.say('meanwhile')
  await ada.message('meanwhile').waitFor()
  await server.restart()
  expect(await heardUpTo(server, bens, id, 'meanwhile')).toEqual(['before', 'meanwhile'])
  await send(bens, id, 'after')
  await ada.message('after').waitFor()
  expect(await ada.texts()).toEqual(['before', 'meanwhile', 'after'])
})
