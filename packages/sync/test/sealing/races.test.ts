import { ParleyError } from '@parley/client/parley-error'
import type { ConversationId } from '@parley/domain/ids'
import { fromText } from '@parley/domain/sealed/bytes'
import { readChainEntry } from '@parley/domain/sealed/chain-entry'
import type { Engine } from '@parley/sync/engine'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import type { Lie } from './liar.ts'
import { lyingStage } from './lying-stage.ts'
import {
  did,
  isOpen,
  named,
  ready,
  say,
  sealedGroup,
  sealedStage,
  sees,
  shown,
  type Somebody,
} from './people.ts'

type Stage = Awaited<ReturnType<typeof sealedStage>>

async function linked(stage: Stage, who: Somebody): Promise<Somebody> {
  const second = await stage.another(who)
  await second.engine.enterLinkCode(who.engine.beginLink().code)
  await ready(second.engine)
  return second
}

const opsOf = async ({ person }: Somebody, conversationId: ConversationId) => {
  const { entries } = await person.api.sealed.chain.query({ conversationId })
  return entries.map(({ entry }) => readChainEntry(fromText(entry)).change.op)
}

test('S80: two devices of one account that take in a new one each, at once, both do', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  await say(ben, id, 'before')
  const second = await linked(stage, ada)
  const [third, fourth] = [await stage.another(ada), await stage.another(ada)]
  await Promise.all([
    third.engine.enterLinkCode(ada.engine.beginLink().code),
    fourth.engine.enterLinkCode(second.engine.beginLink().code),
  ])
  for (const { engine } of [third, fourth]) {
    await ready(engine)
    await isOpen(engine, id)
    await sees(engine, id, ['before'])
  }
  for (const { engine } of [ada, second, third, fourth])
    await until(engine, (each) => each.devices().filter(({ revoked }) => !revoked).length === 4)
  await say(fourth, id, 'by the fourth')
  for (const { engine } of [ada, second, third, ben]) await sees(engine, id, ['before', 'by the fourth'])
  expect(new Set(fourth.engine.devices().map((device) => device.id)).size).toBe(4)
})

test('S80: two devices of one account that remove somebody, or add somebody, at once do it once', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve', 'dan'])
  const [ada, ben, eve, dan] = [0, 1, 2, 3].map((at) => named(stage.people, at))
  if (!ada || !ben || !eve || !dan) throw new Error('There are four')
  const second = await linked(stage, ada)
  const id = await sealedGroup(ada, [ben, eve])
  await isOpen(second.engine, id)
  for (const [kind, more] of [
    ['remove-member', { accountId: eve.id }],
    ['add-members', { accountIds: [dan.id] }],
  ] as const)
    await Promise.all([ada, second].map(({ engine }) => did(engine, { kind, conversationId: id, ...more })))
  await Promise.all([say(ada, id, 'one'), say(second, id, 'two'), say(ben, id, 'three')])
  for (const { engine } of [ada, second, ben, dan])
    await until(engine, (each) => shown(each, id).toSorted().join() === 'one,three,two')
  expect(await opsOf(ada, id)).toEqual(['create', 'remove', 'add'])
})

test('S80: of a device that is revoked while it sends, what the server took is read, and the rest is read by nobody', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const second = await linked(stage, ada)
  const id = await sealedGroup(ada, [ben])
  await isOpen(second.engine, id)
  const lost = second.engine.devices().find(({ current }) => current)
  if (!lost) throw new Error('It is one of them')
  const texts = Array.from({ length: 40 }, (_, at) => `message ${String(at)}`)
  for (const text of texts)
    second.engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text } })
  await until(ben.engine, (each) => shown(each, id).length > 2)
  await Promise.all([ada.engine.revokeDevice(lost.id), say(ada, id, 'by the one that stays')])
  await until(second.engine, (each) => each.connection().kind === 'refused')
  await say(ben, id, 'the end')
  for (const { engine } of [ada, ben]) await until(engine, (each) => shown(each, id).at(-1) === 'the end')
  const seen = shown(ben.engine, id)
  expect(seen.filter((text) => text.startsWith('closed'))).toEqual([])
  // In their order, from the first one on.
  const taken = seen.filter((text) => text.startsWith('message'))
  expect(taken).toEqual(texts.slice(0, taken.length))
  expect(shown(ada.engine, id)).toEqual(seen)
  const { messages } = await ada.person.api.messages.page.query({ conversationId: id })
  expect(messages.length).toBe(seen.length)
  // What is said from now on the lost device could not read.
  expect((await opsOf(ada, id)).filter((op) => op === 'epoch').length).toBeGreaterThan(0)
})

test('S80: whoever lacks a key gets it once or often, from whichever devices answer', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [ada, ben, eve] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  const devices = [ada, await linked(stage, ada), ben, await linked(stage, ben)]
  const id = await sealedGroup(ada, [ben], { joinPolicy: 'open' })
  for (const each of devices) await isOpen(each.engine, id)
  await say(ada, id, 'for who comes')
  await did(eve.engine, { kind: 'join', conversationId: id })
  await sees(eve.engine, id, ['for who comes'])
  // All at once want an epoch, and all of them can go on.
  await Promise.all([eve, ...devices].map((each, at) => say(each, id, `number ${String(at)}`)))
  for (const { engine } of [eve, ...devices]) {
    await until(engine, (each) => shown(each, id).length === 6)
    expect(shown(engine, id).slice(1).toSorted()).toEqual([0, 1, 2, 3, 4].map((at) => `number ${String(at)}`))
  }
})

test('S66: whoever comes second again and again, as many join a group at once, is let in all the same', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const id = await sealedGroup(ada, [], { joinPolicy: 'open' })
  await say(ada, id, 'welcome')
  let others = 12
  let tries = 0
  const eve = await stage.open(await stage.person('eve'), {
    around: (server) => {
      const { sealed } = server
      if (!sealed) throw new Error('This server knows of no devices')
      return {
        ...server,
        get state() {
          return server.state
        },
        sealed: {
          ...sealed,
          async append(wish) {
            tries += 1
            others -= 1
            const history = others % 2 === 0 ? 'everything' : 'joining'
            if (others >= 0) await did(ada.engine, { kind: 'set-history', conversationId: id, history })
            return sealed.append(wish)
          },
        },
      }
    },
  })
  await did(eve.engine, { kind: 'join', conversationId: id })
  await sees(eve.engine, id, ['welcome'])
  expect(tries).toBeGreaterThan(12)
})

test('S66: a message that names an entry which the server does not have is sealed again by the chain as it is then, under its id', async () => {
  await using on = await lyingStage()
  const id = await on.group()
  const tries: { id: string; content: unknown }[] = []
  let reads = 0
  const refused = () => Promise.reject(new ParleyError('head-moved', 'It names an entry that is not here.'))
  const lie = (times: number): Lie => ({
    chain: (page) => {
      reads += 1
      return page
    },
    send: ({ clientMessageId, content }) => {
      tries.push({ id: clientMessageId, content })
      return tries.length <= times ? refused() : null
    },
  })
  on.liar.lie = lie(1)
  const said = await did(on.engine, {
    kind: 'send',
    conversationId: id,
    content: { kind: 'plain', text: 'two' },
  })
  await sees(on.ada.engine, id, ['one', 'two'])
  expect(tries.map((each) => each.id)).toEqual([said.id, said.id])
  expect(new Set(tries.map(({ content }) => JSON.stringify(content))).size).toBe(2)
  expect(reads).toBe(1)

  // So often in a row and no more, and then after a while: it is not lost.
  tries.length = 0
  on.liar.lie = lie(Number.POSITIVE_INFINITY)
  const later = on.engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'three' } })
  await until(on.engine, (each) => tries.length > 0 && stateOf(each, later.id) === 'waiting')
  expect(tries).toHaveLength(7)
  on.liar.lie = {}
  await sees(on.ada.engine, id, ['one', 'two', 'three'])
})

const stateOf = (engine: Engine, id: string) => engine.outbox().find((each) => each.id === id)?.state
