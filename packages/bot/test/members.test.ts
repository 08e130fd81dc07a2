import { connect } from '@parley/client/connect'
import { spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { botStage, did, direct, group, Heard, say, sealed, sees, shown, until } from './stage.ts'

const joining = { sealed: true, history: 'joining' }

test('S65: a bot that is added later hears what is said from then on, and opens no more than the history policy says', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const bot = await stage.bot(made)
  const heard = new Heard(bot)
  const [secret, open] = [await group(ada, [], joining), await group(ada, [], sealed)]
  for (const conversationId of [secret, open]) {
    await say(ada, conversationId, 'before')
    await did(ada.engine, { kind: 'add-members', conversationId, accountIds: [bot.me.id] })
    await say(ada, conversationId, `after in ${conversationId}`)
    expect(await heard.until(`after in ${conversationId}`)).toMatchObject({
      conversationId,
      authorId: ada.id,
      author: 'ada',
      sealed: true,
      late: false,
    })
  }
  expect(heard.messages).toHaveLength(2)
  await sees(bot.engine, secret, ['closed: not-entitled', `after in ${secret}`])
  await sees(bot.engine, open, ['before', `after in ${open}`])
})

test('S60: the certificate of a bot’s device says so', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const bot = await stage.bot(await stage.account(ada, 'helper'))
  expect(bot.engine.devices()).toMatchObject([{ kind: 'bot', current: true }])
  expect(ada.engine.devices()).toMatchObject([{ kind: 'person' }])
})

test('S65: a bot that is removed hears nothing more there', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const defects: unknown[] = []
  const made = await stage.account(ada, 'helper')
  const bot = await stage.bot(made, { onDefect: (error) => void defects.push(error) })
  const heard = new Heard(bot)
  const id = await group(ada, [bot.me.id], sealed)
  const pair = await direct(ada, bot.me.id, true)
  await say(ada, id, 'with the bot')
  await heard.until('with the bot')
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: bot.me.id })
  await say(ada, id, 'without it')
  await say(ada, pair, 'still there?')
  await heard.until('still there?')
  expect(heard.texts).toEqual(['with the bot', 'still there?'])
  expect(bot.conversations().map((each) => each.id)).toEqual([pair])
  const refused = { name: 'BotError', kind: 'not-a-member' }
  await expect(bot.send(id, 'let me in')).rejects.toMatchObject(refused)
  expect(defects).toMatchObject([refused])
  expect(bot.engine.outbox()).toEqual([])
})

test('two bots in a sealed group each answer people, and hear each other where they ask for it', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const one = await stage.bot(await stage.account(ada, 'one'))
  const two = await stage.bot(await stage.account(ada, 'two'))
  const first = new Heard(one, (message, reply) => reply(`one heard ${message.text}`))
  const second = new Heard(two, () => {}, { fromBots: true })
  const id = await group(ada, [one.me.id, two.me.id], sealed)
  await say(ada, id, 'hello')
  expect(await second.until('one heard hello')).toMatchObject({ fromBot: true, author: 'one' })
  await two.send(id, 'hello from two')
  await say(ada, id, 'bye')
  await Promise.all([first.until('bye'), second.until('one heard bye')])
  expect(first.texts).toEqual(['hello', 'bye'])
  expect(second.texts.toSorted()).toEqual(['bye', 'hello', 'one heard bye', 'one heard hello'])
})

test('S67: a bot that was away while keys changed hears what it missed, in order', async () => {
  await using stage = await botStage()
  const [ada, ben] = [await stage.somebody('ada'), await stage.somebody('ben')]
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const before = await stage.bot(made, { folder })
  const id = await group(ada, [made.account.id, ben.id], joining)
  const first = new Heard(before)
  await until(ben.engine, (each) => each.conversation(id)?.sealing?.state === 'open')
  await say(ben, id, 'one')
  await first.until('one')
  await before.close()
  await say(ada, id, 'two')
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: ben.id })
  await say(ada, id, 'three')
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [ben.id] })
  await say(ada, id, 'four')
  const heard = new Heard(await stage.bot(made, { folder }))
  await heard.until('four')
  expect(heard.texts).toEqual(['two', 'three', 'four'])
})

test('S67: while no person is online, a bot gives a newcomer the keys', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const bot = await stage.bot(await stage.account(ada, 'helper'))
  const id = await group(ada, [bot.me.id], { ...sealed, joinPolicy: 'open' })
  await say(ada, id, 'welcome')
  await sees(bot.engine, id, ['welcome'])
  await ada.engine.close()
  const eve = await stage.somebody('eve')
  await did(eve.engine, { kind: 'join', conversationId: id })
  await sees(eve.engine, id, ['welcome'])
  expect(await until(eve.engine, (each) => each.conversation(id)?.sealing?.state === 'open')).toBe(true)
})

test('P2: a bot goes on over a restart of the server, and hears nothing twice', async () => {
  using data = temporaryFolder('parley-bot-server')
  await using server = await spawnServer({ data: data.path })
  await using there = await botStage(() =>
    Promise.resolve({ url: server.url, async [Symbol.asyncDispose]() {} }),
  )
  const ada = await there.somebody('ada')
  const bot = await there.bot(await there.account(ada, 'helper'))
  const heard = new Heard(bot, (message, reply) => reply(`heard ${message.text}`))
  const id = await group(ada, [bot.me.id], sealed)
  await say(ada, id, 'one')
  await sees(ada.engine, id, ['one', 'heard one'])
  await server.kill()
  await until(bot.engine, (each) => each.connection().kind === 'waiting')
  const kept = bot.send(id, 'said while there was no server')
  await server.restart()
  for (const engine of [ada.engine, bot.engine]) engine.retryNow()
  await kept
  await say(ada, id, 'two')
  await until(ada.engine, (each) => shown(each, id).includes('heard two'))
  await heard.until('two')
  expect(heard.texts).toEqual(['one', 'two'])
  expect(shown(ada.engine, id)).toEqual([
    'one',
    'heard one',
    'said while there was no server',
    'two',
    'heard two',
  ])
})

test('beside the engine the plain API stays: with the same token, a program follows and calls as it likes', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const plain = await group(ada, [made.account.id])
  const secret = await group(ada, [made.account.id], sealed)
  await using client = connect({ url: stage.server.url, token: made.token })
  await client.send(plain, 'by the plain API')
  await sees(ada.engine, plain, ['by the plain API'])
  await say(ada, secret, 'in a sealed group')
  const { messages } = await client.api.messages.page.query({ conversationId: secret })
  expect(messages.map(({ content }) => content.kind)).toEqual(['sealed'])
  await expect(client.send(secret, 'in the clear')).rejects.toMatchObject({ isRefusal: true })
})
