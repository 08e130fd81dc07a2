import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { openDevice, refusalOf, type TestDevice, until } from './device.ts'

const password = 'correct horse battery'
const passphrase = 'a passphrase for tests'

const online = (device: TestDevice) =>
  until(device, async ({ app }) => {
    const connection = await app.connection.query()
    return connection.kind === 'online' && connection.caughtUp
  })

test('somebody signs up, and is signed in again after a restart', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine } = device
  expect(await engine.app.state.query()).toEqual({ kind: 'signed-out' })
  expect(await engine.servers.look.query({ url: server.url })).toMatchObject({ info: { signUp: 'open' } })

  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
  expect(await engine.app.state.query()).toMatchObject({
    kind: 'signed-in',
    account: { username: 'ada', url: server.url },
    byPassphrase: false,
  })
  await online(device)
  await device.restart()
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in' })
  expect(await engine.people.me.query()).toMatchObject({ username: 'ada' })
})

test('P9: wrong credentials are refused as such, and leave nothing on the device', async () => {
  await using server = await startServer()
  await using ada = await signUp(server, { username: 'ada', password })
  await using device = await openDevice()
  const { engine } = device
  const wrong = engine.servers.signIn.mutate({
    url: server.url,
    username: ada.username,
    password: 'not it at all',
  })
  expect(await refusalOf(wrong)).toBe('wrong-credentials')
  expect(await refusalOf(engine.conversations.list.query())).toBe('signed-out')
  expect(await readdir(device.folder)).toEqual([])
})

test('P7: without a keyring nothing is kept before a passphrase is chosen, and nothing opens without it', async () => {
  await using server = await startServer()
  await using device = await openDevice({ keyring: false })
  const { engine } = device
  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
  expect(await engine.app.state.query()).toEqual({ kind: 'choose-passphrase', username: 'ada' })
  expect(await readdir(device.folder)).toEqual([])
  await engine.app.choosePassphrase.mutate({ passphrase })
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in', byPassphrase: true })

  await device.restart()
  expect(await engine.app.state.query()).toEqual({ kind: 'locked' })
  expect(await refusalOf(engine.people.me.query())).toBe('signed-out')
  expect(await refusalOf(engine.app.unlock.mutate({ passphrase: 'another passphrase' }))).toBe(
    'wrong-credentials',
  )
  await engine.app.unlock.mutate({ passphrase })
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in' })

  const next = 'the next passphrase'
  expect(await refusalOf(engine.app.changePassphrase.mutate({ current: 'wrong one here', next }))).toBe(
    'wrong-credentials',
  )
  await engine.app.changePassphrase.mutate({ current: passphrase, next })
  await device.restart()
  expect(await refusalOf(engine.app.unlock.mutate({ passphrase }))).toBe('wrong-credentials')
  await engine.app.unlock.mutate({ passphrase: next })
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in' })
})

test('P7: neither token nor store key lies on the disk in the clear', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  await device.engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
  const text = await readFile(join(device.folder, 'accounts.json'), 'utf8')
  expect(text).toContain('"username": "ada"')
  expect(text).not.toMatch(/token|storeKey/)
  const [store = ''] = await readdir(join(device.folder, 'stores'))
  const bytes = await readFile(join(device.folder, 'stores', store))
  expect(bytes.subarray(0, 15).toString()).not.toBe('SQLite format 3')
})

test('a keyring that forgot the key is said to have, and one can start anew', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine } = device
  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
  device.desk.forgetKeyring()
  await device.restart()
  expect(await engine.app.state.query()).toEqual({ kind: 'key-lost' })
  await engine.app.startAnew.mutate()
  expect(await engine.app.state.query()).toEqual({ kind: 'signed-out' })
  await engine.servers.signIn.mutate({ url: server.url, username: 'ada', password })
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in' })
})

test('signing out ends the session and leaves nothing of the account on the device', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine } = device
  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
  await online(device)
  await engine.app.signOut.mutate()
  expect(await engine.app.state.query()).toEqual({ kind: 'signed-out' })
  expect(await engine.app.accounts.query()).toEqual([])
  expect(await readdir(join(device.folder, 'stores'))).toEqual([])
})

test('what waits in the outbox survives an ended session, and goes out after signing in again', async () => {
  await using server = await startServer()
  await using ada = await signUp(server, { username: 'ada', password })
  await using bob = await signUp(server, { username: 'bob' })
  const { id } = await ada.api.conversations.openDirect.mutate({ accountId: bob.account.id })
  await using device = await openDevice()
  const { engine } = device
  await engine.servers.signIn.mutate({ url: server.url, username: 'ada', password })
  await online(device)
  await ada.api.sessions.revokeOthers.mutate()
  await until(device, async ({ app }) => (await app.connection.query()).kind === 'refused')
  const content = { kind: 'plain', text: 'written meanwhile' } as const
  await engine.outbox.act.mutate({ action: { kind: 'send', conversationId: id, content } })
  expect(await refusalOf(engine.servers.signInAgain.mutate({ password: 'not it at all' }))).toBe(
    'wrong-credentials',
  )
  await engine.servers.signInAgain.mutate({ password })
  await until(device, async ({ outbox }) => (await outbox.list.query()).length === 0)
  const page = await bob.api.messages.page.query({ conversationId: id })
  expect(page.messages.map((message) => message.content)).toEqual([content])
})

test('what cannot be read is left as it is, and said to be', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine } = device
  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
  const registry = join(device.folder, 'accounts.json')
  const good = await readFile(registry, 'utf8')
  await writeFile(registry, good.slice(0, 40))
  await device.restart()
  expect(await engine.app.state.query()).toEqual({ kind: 'damaged' })
  expect(await readFile(registry, 'utf8')).toBe(good.slice(0, 40))
  expect(device.takeDefects()).toHaveLength(1)
  await writeFile(registry, good)
  await engine.app.tryAgain.mutate()
  expect(await engine.app.state.query()).toMatchObject({ kind: 'signed-in' })
})

test('a second account is open beside the first: what is unread there is known, and one switches without signing in', async () => {
  await using server = await startServer()
  await using other = await startServer({ settings: { serverName: 'Lindenhof' } })
  await using _ada = await signUp(server, { username: 'ada', password })
  await using bob = await signUp(server, { username: 'bob' })
  await using _lovelace = await signUp(other, { username: 'lovelace', password })
  await using device = await openDevice()
  const { engine } = device
  await engine.servers.signIn.mutate({ url: server.url, username: 'ada', password })
  await online(device)
  await engine.servers.signIn.mutate({ url: other.url, username: 'lovelace', password })
  expect(await engine.app.state.query()).toMatchObject({
    kind: 'signed-in',
    account: { username: 'lovelace' },
  })
  const unreadOf =
    (username: string) =>
    async ({ app }: TestDevice['engine']) =>
      (await app.accounts.query()).find((account) => account.username === username && account.unread === 1)
  const adas = (await engine.app.accounts.query()).find(({ username }) => username === 'ada')
  const { id } = await bob.api.conversations.openDirect.mutate({
    accountId: adas?.accountId ?? bob.account.id,
  })
  await send(bob, id, 'Are you there?')
  await until(device, unreadOf('ada'))

  await device.restart()
  expect(await engine.app.state.query()).toMatchObject({ account: { username: 'lovelace' } })
  await until(device, unreadOf('ada'))
  await engine.app.switchTo.mutate({ key: adas?.key ?? '' })
  expect(await engine.conversations.get.query({ id })).toMatchObject({ unread: 1 })
  await engine.app.signOut.mutate()
  expect(await engine.app.state.query()).toMatchObject({
    kind: 'signed-in',
    account: { username: 'lovelace' },
  })
  expect(await engine.app.accounts.query()).toHaveLength(1)
})
