import { join } from 'node:path'
import { readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net'
import { once } from 'node:events'
import { openBot } from '@parley/bot/open-bot'
import { expect, test } from 'vitest'
import { botStage, did, group, Heard, say, sealed, sees, until } from './stage.ts'

test('P9: what is wrong at the opening is said by its kind, and leaves nothing open', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const refused = async (kind: string, more: Parameters<typeof stage.bot>[1]) =>
    expect(stage.bot(made, { folder, ...more })).rejects.toMatchObject({ name: 'BotError', kind })
  await refused('signed-out', { token: 'no such token' })
  await refused('invalid-input', { token: undefined })
  await refused('wrong-credentials', { token: undefined, username: 'ada', password: 'not this one' })
  await refused('wrong-key', { key: new Uint8Array(31) })
  const bot = await stage.bot(made, { folder })
  await refused('folder-in-use', {})
  await bot.close()
  await refused('wrong-key', { key: new Uint8Array(32).fill(1) })
  await refused('other-account', { token: (await stage.account(ada, 'other')).token })
  await ada.person.http.bots.disable.mutate({ accountId: made.account.id })
  await refused('signed-out', {})
})

test('P9: where there is no Parley it is said, and a server that cannot be reached is waited for until the signal', async () => {
  await using stage = await botStage()
  const folder = stage.folder()
  await using page = createServer((_request, response) => response.end('<html>'))
  const opened = openBot({ server: await address(page), token: 'any', folder })
  await expect(opened).rejects.toMatchObject({ kind: 'not-understood' })
  const ending = new AbortController()
  let knocks = 0
  await using deaf = createTcpServer((socket) => {
    socket.destroy()
    knocks += 1
    if (knocks === 2) ending.abort()
  })
  const opening = openBot({ server: await address(deaf), token: 'any', folder, signal: ending.signal })
  await expect(opening).rejects.toMatchObject({ name: 'BotError', kind: 'aborted' })
})

async function address(server: TcpServer): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const at = server.address()
  if (at === null || typeof at === 'string') throw new Error('It listens on a port')
  return `http://127.0.0.1:${at.port}`
}

test('the folder is its owner’s alone, and is nothing without the key that it was opened with', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const folder = join(stage.folder(), 'helper')
  const key = new Uint8Array(32).fill(5)
  const id = await group(ada, [made.account.id], sealed)
  {
    await using bot = await stage.bot(made, { folder, key })
    await bot.send(id, 'the key is under the pot')
  }
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  await expect(stat(join(folder, 'key'))).rejects.toThrow('ENOENT')
  for (const name of ['store.db', 'handed.db'])
    expect((await readFile(join(folder, name))).includes('under the pot')).toBe(false)
  await using again = await stage.bot(made, { folder, key })
  await sees(again.engine, id, ['the key is under the pot'])
})

test('S62: on another machine the recovery code takes a bot in, with what it could read', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const id = await group(ada, [made.account.id], sealed)
  const before = await stage.bot(made, { folder })
  await say(ada, id, 'before')
  await sees(before.engine, id, ['before'])
  const recoveryCode = await before.makeRecoveryCode()
  await before.close()
  await rm(folder, { recursive: true })
  await expect(stage.bot(made)).rejects.toMatchObject({ kind: 'not-linked' })
  const wrong = stage.bot(made, {
    recoveryCode: recoveryCode.replace(/^./, (one) => (one === 'A' ? 'B' : 'A')),
  })
  await expect(wrong).rejects.toMatchObject({
    kind: expect.stringMatching(/wrong-credentials|invalid-input/),
  })
  const bot = await stage.bot(made, { recoveryCode })
  await sees(bot.engine, id, ['before'])
  const heard = new Heard(bot)
  await say(ada, id, 'after')
  await heard.until('after')
  expect(heard.texts).toEqual(['after'])
  expect(bot.engine.devices().map(({ kind }) => kind)).toEqual(['bot', 'bot'])
})

test('S68: without any code it begins a new identity, and an admin lets it into the group again', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const id = await group(ada, [made.account.id], sealed)
  const before = await stage.bot(made)
  await say(ada, id, 'before')
  await sees(before.engine, id, ['before'])
  await before.close()
  const bot = await stage.bot(made, { beginAgain: true })
  const heard = new Heard(bot)
  await until(ada.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'identity-changed'))
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [bot.me.id] })
  await say(ada, id, 'after')
  await heard.until('after')
  expect(heard.texts).toEqual(['after'])
})

test('S61: a script with a person’s account comes in by a link code, stays signed in, and is shown as a bot among the devices', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const ben = await stage.somebody('ben')
  const folder = stage.folder()
  const { username, password } = ada.person
  const id = await group(ben, [ada.id], sealed)
  await say(ben, id, 'hello')
  await sees(ada.engine, id, ['hello'])
  const { code } = ada.engine.beginLink()
  const credentials = { token: undefined, username, password, deviceName: 'Script' }
  const script = await stage.bot({ token: '' }, { folder, ...credentials, linkCode: code })
  await sees(script.engine, id, ['hello'])
  expect(ada.engine.devices().map(({ kind }) => kind)).toEqual(['person', 'bot'])
  await script.close()
  const again = await stage.bot({ token: '' }, { folder, ...credentials })
  await again.send(id, 'by a script')
  await sees(ben.engine, id, ['hello', 'by a script'])
  const sessions = await ada.person.http.sessions.list.query()
  expect(sessions.map(({ deviceName }) => deviceName).toSorted()).toEqual(['Script', 'Unnamed device'])
})

test('P6: a bot whose token is revoked ends and says why, and with another one goes on with the message it was at', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const id = await group(ada, [made.account.id], sealed)
  const defects: unknown[] = []
  const bot = await stage.bot(made, { folder, onDefect: (error) => void defects.push(error) })
  const begun = Promise.withResolvers<void>()
  bot.onMessage(async (_, reply) => {
    begun.resolve()
    await bot.ended.catch(() => {})
    await reply('too late')
  })
  await say(ada, id, 'hello')
  await begun.promise
  await ada.person.http.sessions.revoke.mutate({ sessionId: made.sessionId })
  await expect(bot.ended).rejects.toMatchObject({ name: 'BotError', kind: 'signed-out' })
  await bot.close()
  expect(defects).toMatchObject([{ kind: 'signed-out' }])
  const another = await ada.person.http.bots.makeToken.mutate({ accountId: made.account.id })
  const heard = new Heard(await stage.bot(another, { folder }))
  await heard.until('hello')
  await sees(ada.engine, id, ['hello', 'too late'])
})
