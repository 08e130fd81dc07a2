import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Bot } from '@parley/bot/bot'
import { Ledger } from '@parley/bot/ledger'
import { connect } from '@parley/client/connect'
import { ParleyError } from '@parley/client/parley-error'
import { openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import type { ServerPort } from '@parley/sync/ports'
import { expect, test } from 'vitest'
import { botStage, did, group, Heard, say, sealed, sees, shown, until } from './stage.ts'

const key = new Uint8Array(32).fill(9)

/** A server that keeps back what opens messages, until the bot is closed. */
function withoutKeys(server: ServerPort) {
  const closed = Promise.withResolvers<never>()
  let isHeld = false
  const { sealed: port } = server
  if (!port) throw new Error('It knows of sealed conversations')
  const around: ServerPort = {
    ...server,
    get state() {
      return server.state
    },
    async *follow(options) {
      for await (const event of server.follow(options)) {
        if (event.kind !== 'entries' || !isHeld) yield event
        else yield { ...event, entries: event.entries.filter(({ kind }) => kind !== 'grants') }
      }
    },
    sealed: {
      ...port,
      grants: async (...args) => {
        if (isHeld) await closed.promise
        return port.grants(...args)
      },
    },
  }
  return {
    around,
    hold: () => {
      isHeld = true
    },
    close: () => closed.reject(new ParleyError('closed', 'It was closed.')),
  }
}

test('S67: what cannot be opened in its turn is handed over once it opens, marked as late, and after a restart too', async () => {
  await using stage = await botStage()
  const [ada, ben] = [await stage.somebody('ada'), await stage.somebody('ben')]
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const plain = await group(ada, [made.account.id])
  const id = await group(ada, [made.account.id, ben.id], sealed)
  const defects: unknown[] = []
  const open = (hold: boolean) => {
    const keys: { let?: ReturnType<typeof withoutKeys> } = {}
    const engine = openEngine({
      path: join(folder, 'store.db'),
      key,
      deviceKind: 'bot',
      connect: (onState) => {
        keys.let = withoutKeys(serverOver(connect({ url: stage.server.url, token: made.token, onState })))
        if (hold) keys.let.hold()
        return keys.let.around
      },
      onDefect: (error) => console.error(error),
    })
    return { engine, keys }
  }
  const ledger = () => new Ledger(join(folder, 'handed.db'), key)
  const onDefect = (error: unknown) => void defects.push(error)
  {
    const { engine } = open(false)
    await until(engine, (each) => each.conversation(id)?.sealing?.state === 'open')
    await using bot = new Bot({ engine, ledger: ledger(), onDefect, openWaitMs: 0 })
    const heard = new Heard(bot)
    await say(ada, id, 'one')
    await heard.until('one')
  }
  {
    const { engine, keys } = open(true)
    await until(engine, (each) => {
      const connection = each.connection()
      return connection.kind === 'online' && connection.caughtUp
    })
    const handed = ledger()
    await using bot = new Bot({ engine, ledger: handed, onDefect, openWaitMs: 0 })
    const heard = new Heard(bot)
    // Another epoch, whose key does not come.
    await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: ben.id })
    await say(ada, id, 'two')
    await say(ada, id, 'three')
    await expect.poll(() => handed.late(id).length).toBe(2)
    await say(ada, plain, 'others go on')
    await heard.until('others go on')
    expect(heard.texts).toEqual(['others go on'])
    keys.let?.close()
  }
  const { engine } = open(false)
  await until(engine, (each) => each.connection().kind === 'online')
  await using bot = new Bot({ engine, ledger: ledger(), onDefect, openWaitMs: 0 })
  const heard = new Heard(bot)
  await heard.until('three')
  await say(ada, id, 'four')
  await heard.until('four')
  expect(heard.messages.map(({ text, late }) => [text, late])).toEqual([
    ['two', true],
    ['three', true],
    ['four', false],
  ])
  expect(defects).toEqual([])
})

test('a handler that throws gets its message three times in all, is told of each time, and then the next one comes', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const defects: unknown[] = []
  const made = await stage.account(ada, 'helper')
  const bot = await stage.bot(made, { onDefect: (error) => void defects.push(error) })
  let tries = 0
  const heard = new Heard(bot, async ({ text }, reply) => {
    await reply(`heard ${text}`)
    if (text === 'poison') {
      tries += 1
      throw new Error('It does not agree with me')
    }
  })
  const id = await group(ada, [bot.me.id], sealed)
  await say(ada, id, 'poison')
  await say(ada, id, 'bread')
  await heard.until('bread')
  expect(tries).toBe(3)
  expect(defects).toMatchObject([
    { kind: 'handler-failed', cause: { message: 'It does not agree with me' } },
    { kind: 'handler-failed' },
    { kind: 'handler-failed' },
  ])
  await until(ada.engine, (each) => shown(each, id).length === 4)
  expect(shown(ada.engine, id).toSorted()).toEqual(['bread', 'heard bread', 'heard poison', 'poison'])
})

test('a bot says, reacts, sends files, joins, opens direct conversations and leaves, sealed and plain', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const bot = await stage.bot(await stage.account(ada, 'helper'))
  const heard = new Heard(bot, (message) => bot.react(message, '👍'))
  for (const how of [
    { ...sealed, joinPolicy: 'open' },
    { joinPolicy: 'password', password: 'open sesame' },
  ]) {
    const id = await group(ada, [], how)
    await bot.join(id, 'password' in how ? { password: how.password } : {})
    await say(ada, id, `hello in ${id}`)
    await heard.until(`hello in ${id}`)
    await until(ada.engine, (each) => {
      const { items } = each.timeline({ conversationId: id, at: { kind: 'newest' } })
      return items.some(({ reactions }) => reactions[0]?.emoji === '👍')
    })
    const content = new TextEncoder().encode('a file')
    const said = await bot.send(id, 'see the file', {
      files: [{ name: 'a.txt', mediaType: 'text/plain', content }],
    })
    await bot.do({
      kind: 'edit',
      conversationId: id,
      messageId: said,
      content: { kind: 'plain', text: 'see this' },
    })
    const item = await until(ada.engine, (each) =>
      each
        .timeline({ conversationId: id, at: { kind: 'newest' } })
        .items.find((one) => one.content.kind === 'plain' && one.content.text === 'see this'),
    )
    const [file] = item.attachments
    if (!file) throw new Error('It has a file')
    expect(file).toMatchObject({ name: 'a.txt', mediaType: 'text/plain' })
    expect(new TextDecoder().decode(await ada.engine.attachment(file.id, item.id))).toBe('a file')
    await bot.leave(id)
    await until(bot.engine, (each) => each.conversation(id) === null)
  }
  const { id: pair } = await bot.openDirect(ada.id, { sealed: true })
  await bot.send(pair, 'between us')
  await sees(ada.engine, pair, ['between us'])
  expect((await bot.openDirect(ada.id)).id).toBe(pair)
})

test('P9: what the server refuses is thrown, told of, and does not lie about in the outbox', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const defects: unknown[] = []
  const made = await stage.account(ada, 'helper')
  const bot = await stage.bot(made, { onDefect: (error) => void defects.push(error) })
  const closed = await group(ada, [])
  await expect(bot.join(closed)).rejects.toMatchObject({ name: 'BotError', kind: 'join-policy' })
  const id = await group(ada, [bot.me.id])
  await until(bot.engine, (each) => each.conversation(id))
  await expect(bot.send(id, '')).rejects.toMatchObject({ name: 'BotError' })
  await expect(
    bot.do({ kind: 'rename', conversationId: id, name: 'Not mine to name' }),
  ).rejects.toMatchObject({ kind: 'not-allowed' })
  expect(bot.engine.outbox()).toEqual([])
  // Also told of, for programs that do not wait.
  expect(defects).toMatchObject([{ kind: 'join-policy' }, { name: 'BotError' }, { kind: 'not-allowed' }])
  await bot.send(id, 'and it goes on')
  await sees(ada.engine, id, ['and it goes on'])
})

test('P2: an answer that waits for the server when the bot is closed is sent after the next start, once', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const bot = await stage.bot(made, { folder })
  const id = await group(ada, [bot.me.id], sealed)
  await until(bot.engine, (each) => each.conversation(id)?.sealing?.state === 'open')
  // Nobody waits for it, and that it was cut off ends no program.
  void bot.send(id, 'last words')
  void bot.askToJoin(id)
  await bot.close()
  await using again = await stage.bot(made, { folder })
  await again.send(id, 'and new ones')
  await until(ada.engine, (each) => shown(each, id).includes('and new ones'))
  expect(shown(ada.engine, id)).toEqual(['last words', 'and new ones'])
})

test('a store that was lost is another device, and what was handled is handed over no more', async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'helper')
  const folder = stage.folder()
  const id = await group(ada, [made.account.id])
  {
    await using bot = await stage.bot(made, { folder, key })
    const heard = new Heard(bot)
    await say(ada, id, 'one')
    await heard.until('one')
  }
  for (const end of ['', '-wal', '-shm']) await rm(join(folder, `store.db${end}`), { force: true })
  await say(ada, id, 'two')
  await using bot = await stage.bot(made, { folder, key, beginAgain: true })
  const heard = new Heard(bot)
  await say(ada, id, 'three')
  await heard.until('three')
  expect(heard.texts).toEqual(['two', 'three'])
})
