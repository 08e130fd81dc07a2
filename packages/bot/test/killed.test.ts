import type { ConversationId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { host, patience } from './host.ts'
import { botStage, direct, group, say, sealed, shown, type Somebody, until } from './stage.ts'

const echo = new URL('echo.ts', import.meta.url)
const halting = new URL('halting.ts', import.meta.url)

/** Whatever was said in order, and how often each was answered. */
const answers = (ada: Somebody, id: ConversationId, bot: string): Map<string, number> => {
  const { items } = ada.engine.timeline({ conversationId: id, at: { kind: 'newest' }, limit: 400 })
  const counts = new Map<string, number>()
  for (const { authorId, content } of items) {
    if (authorId === bot && content.kind === 'plain')
      counts.set(content.text, (counts.get(content.text) ?? 0) + 1)
  }
  return counts
}

test.each([sealed, {}])(
  'P2: a bot that is killed between hearing and answering answers after the next start, once: %j',
  patience,
  async (how) => {
    await using stage = await botStage()
    const ada = await stage.somebody('ada')
    const { account, token } = await stage.account(ada, 'echo')
    const where = { url: stage.server.url, token, folder: stage.folder() }
    const id = await group(ada, [account.id], how)
    {
      await using bot = host(halting, where)
      await bot.lines.find((line) => line === 'listens')
      await say(ada, id, 'one')
      await say(ada, id, 'before two')
      await say(ada, id, 'three')
      await bot.lines.find((line) => line === 'has before two')
    }
    await using bot = host(echo, where)
    await until(ada.engine, () => answers(ada, id, account.id).size === 3)
    await say(ada, id, 'four')
    await until(ada.engine, () => answers(ada, id, account.id).size === 4)
    expect(shown(ada.engine, id).filter((text) => text !== 'one')).toEqual([
      'before two',
      'three',
      'before two',
      'three',
      'four',
      'four',
    ])
    expect([...answers(ada, id, account.id)]).toEqual([
      ['one', 1],
      ['before two', 1],
      ['three', 1],
      ['four', 1],
    ])
    expect(await bot.stop()).toBe(0)
  },
)

test.each([sealed, {}])(
  'P2: a bot that is killed after answering, before it is done with the message, hears it again and says nothing twice: %j',
  patience,
  async (how) => {
    await using stage = await botStage()
    const ada = await stage.somebody('ada')
    const { account, token } = await stage.account(ada, 'echo')
    const where = { url: stage.server.url, token, folder: stage.folder() }
    const id = await group(ada, [account.id], how)
    for (const round of [1, 2]) {
      await using bot = host(halting, where)
      await bot.lines.find((line) => line === 'listens')
      if (round === 1) await say(ada, id, 'after one')
      await bot.lines.find((line) => line === 'has after one')
    }
    await using _ = host(echo, where)
    await say(ada, id, 'two')
    await until(ada.engine, () => answers(ada, id, account.id).has('two'))
    expect(shown(ada.engine, id)).toEqual(['after one', 'after one', 'two', 'two'])
  },
)

test(
  'P2: a bot that is killed again and again while many talk to it answers everything once, and in order',
  patience,
  async () => {
    await using stage = await botStage()
    const [ada, ben] = [await stage.somebody('ada'), await stage.somebody('ben')]
    const { account, token } = await stage.account(ada, 'echo')
    const where = { url: stage.server.url, token, folder: stage.folder() }
    const garden = await group(ada, [account.id, ben.id], sealed)
    const pair = await direct(ben, account.id, true)
    {
      await using bot = host(echo, where)
      await bot.lines.find((line) => line.startsWith('echo listens'))
    }
    const texts = Array.from({ length: 20 }, (_, index) => `message ${index + 1}`)
    for (const [index, text] of texts.entries()) {
      await say(ada, garden, text)
      await say(ben, pair, text)
      if (index % 6 !== 5) continue
      // Wherever it is by the time that something of it is to be seen.
      await using _ = host(echo, where)
      const before = answers(ada, garden, account.id).size
      await until(ada.engine, () => answers(ada, garden, account.id).size > before)
    }
    await using _ = host(echo, where)
    for (const [who, id] of [
      [ada, garden],
      [ben, pair],
    ] as const) {
      await until(who.engine, () => answers(who, id, account.id).size === texts.length)
      expect([...answers(who, id, account.id)]).toEqual(texts.map((text) => [text, 1]))
    }
  },
)
