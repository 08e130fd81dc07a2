import type { ConversationId } from '@parley/domain/ids'
import { fromText } from '@parley/domain/sealed/bytes'
import { readChainEntry } from '@parley/domain/sealed/chain-entry'
import { Action } from '@parley/sync/actions'
import type { ServerPort } from '@parley/sync/ports'
import { manyPeople } from '@parley/testkit/many-people'
import { expect, test } from 'vitest'
import { settled, until } from '../devices.ts'
import { did, idOf, isOpen, named, say, sealedStage, sees, type Somebody } from './people.ts'

/** Where a program ends: at which of its calls, and whether the server still has that one. */
interface End {
  readonly call: number
  readonly arrives: boolean
}

/** Ends a program at one of the calls that make a conversation: nothing of what it asks then is answered. */
function ending() {
  let end: End | null = null
  let calls = 0
  let ended = Promise.withResolvers<void>()
  const call = async <T>(go: () => Promise<T>): Promise<T> => {
    if (!end || calls < end.call) {
      calls += 1
      return go()
    }
    const isFirst = calls === end.call
    calls += 1
    if (isFirst && end.arrives) await go().catch(() => {})
    ended.resolve()
    return new Promise<never>(() => {})
  }
  const around = (server: ServerPort): ServerPort => {
    const { sealed } = server
    if (!sealed) throw new Error('This server knows of no devices')
    return {
      ...server,
      get state() {
        return server.state
      },
      perform: (wish) => call(() => server.perform(wish)),
      sealed: { ...sealed, append: (wish) => call(() => sealed.append(wish)) },
    }
  }
  return {
    around,
    endAt(wished: End | null) {
      end = wished
      calls = 0
      ended = Promise.withResolvers()
    },
    ended: () => ended.promise,
  }
}

const everyEnd: readonly End[] = [0, 1].flatMap((call) => [
  { call, arrives: false },
  { call, arrives: true },
])

const opsOf = async ({ person }: Somebody, conversationId: ConversationId) => {
  const { entries } = await person.api.sealed.chain.query({ conversationId })
  return entries.map(({ entry }) => readChainEntry(fromText(entry)).change.op)
}

/** Lets ada begin something, ends her program at a call, and opens it again. */
async function stageOfEnds() {
  const stage = await sealedStage(['ben'])
  const port = ending()
  let ada = await stage.open(await stage.person('ada'), { around: port.around })
  return {
    stage,
    ben: named(stage.people, 0),
    get ada() {
      return ada
    },
    async after(end: End, action: unknown): Promise<Somebody> {
      port.endAt(end)
      ada.engine.act(Action.parse(action))
      await port.ended()
      port.endAt(null)
      const device = stage.stack.use(await ada.device.reopen())
      ada = { ...ada, device, engine: device.engine }
      await settled(ada.engine)
      return ada
    },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

test('S76: a group whose making was cut off anywhere is there once, with one chain, and is read by its members', async () => {
  await using on = await stageOfEnds()
  for (const [at, end] of everyEnd.entries()) {
    const name = `Garden ${String(at)}`
    const wish = {
      name,
      description: '',
      joinPolicy: 'open',
      listed: false,
      sealed: true,
      history: 'everything',
    }
    const ada = await on.after(end, { kind: 'make-group', ...wish, members: [on.ben.id] })
    const found = ada.engine.conversations().filter(({ conversation }) => conversation.name === name)
    expect(found).toHaveLength(1)
    const id = idOf(
      await until(ada.engine, (each) => each.conversations().find((one) => one.conversation.name === name)),
    )
    await isOpen(ada.engine, id)
    expect(await opsOf(ada, id)).toEqual(['create'])
    await say(ada, id, name)
    await sees(on.ben.engine, id, [name])
  }
  const { conversations } = await on.ada.person.api.conversations.mine.query({})
  expect(conversations.length).toBe(everyEnd.length)
})

test('S76: a direct conversation whose making was cut off anywhere is there once, with one chain', async () => {
  await using on = await stageOfEnds()
  const others = await manyPeople(on.stage.server, everyEnd.length)
  for (const [at, end] of everyEnd.entries()) {
    const accountId = others[at]?.id
    const ada = await on.after(end, { kind: 'open-direct', accountId, sealed: true })
    const withThem = ada.engine.conversations().filter(({ otherId }) => otherId === accountId)
    expect(withThem).toHaveLength(1)
    const [id] = withThem.map(idOf)
    if (!id) throw new Error('It is there')
    await isOpen(ada.engine, id)
    expect(await opsOf(ada, id)).toEqual(['create'])
    await say(ada, id, 'hello')
  }
  const { conversations } = await on.ada.person.api.conversations.mine.query({})
  expect(conversations.length).toBe(everyEnd.length)
})

test('S76: what was cut off while a plain conversation was turned, or an invitation accepted, is done once', async () => {
  await using on = await stageOfEnds()
  const first = on.ada
  for (const end of [
    { call: 0, arrives: false },
    { call: 0, arrives: true },
  ]) {
    const wish = { name: 'Plain', description: '', joinPolicy: 'closed', listed: false, members: [on.ben.id] }
    const made = await did(on.ada.engine, { kind: 'make-group', ...wish })
    if (!made.makes) throw new Error('It makes one')
    const { makes } = made
    const { id } = await until(on.ada.engine, (each) => {
      const one = each.conversation(makes)
      return one && !one.id.startsWith('local-') && one
    })
    const ada = await on.after(end, { kind: 'turn-sealed', conversationId: id, history: 'joining' })
    const real = idOf(await until(ada.engine, (each) => each.conversation(id)))
    await isOpen(ada.engine, real)
    expect(await opsOf(ada, real)).toEqual(['create'])
    await say(ada, real, 'hello')
    await sees(on.ben.engine, real, ['hello'])
  }
  expect(on.ada.id).toBe(first.id)
  await did(on.ben.engine, { kind: 'invite', accountId: on.ada.id })
  await until(on.ada.engine, (each) => each.requests().invitations.length > 0)
  // The conversation is made, and the invitation is not accepted yet.
  const ada = await on.after(
    { call: 2, arrives: false },
    { kind: 'accept-invitation', fromId: on.ben.id, sealed: true },
  )
  const { id } = await until(on.ben.engine, (each) =>
    each.conversations().find(({ otherId }) => otherId === ada.id),
  )
  const real = idOf(await until(ada.engine, (each) => each.conversation(id)))
  expect(await opsOf(ada, real)).toEqual(['create'])
  await say(on.ben, real, 'you said yes')
  await sees(ada.engine, real, ['you said yes'])
  expect(ada.engine.requests().invitations.filter(({ state }) => state === 'waiting')).toEqual([])
})
