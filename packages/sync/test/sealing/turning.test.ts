import { openFaultProxy } from '@parley/testkit/fault-proxy'
import type { ConversationId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { caughtUp, openDevice, settled, until } from '../devices.ts'
import { did, idOf, isOpen, named, say, sealedStage, sees, type Somebody } from './people.ts'

/** The direct conversation with somebody, once its server's name is known here. */
const directWith = async ({ engine }: Somebody, other: Somebody): Promise<ConversationId> =>
  idOf(
    await until(engine, (each) =>
      each.conversations().find((one) => one.otherId === other.id && !one.id.startsWith('local-')),
    ),
  )

test('S72: whoever asks for a sealed conversation with somebody has the plain one turned', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  await did(ada.engine, { kind: 'open-direct', accountId: ben.id })
  const id = await directWith(ada, ben)
  await say(ada, id, 'anybody may read this')
  await until(ben.engine, (each) => each.conversation(id))
  const asked = await did(ben.engine, { kind: 'open-direct', accountId: ada.id, sealed: true })
  // The screen goes to the conversation that there is.
  expect(asked.makes).toBe(id)
  await isOpen(ben.engine, id)
  await isOpen(ada.engine, id)
  await say(ben, id, 'and this we two')
  await sees(ada.engine, id, ['anybody may read this', 'and this we two'])
  expect(ada.engine.sealedNotices(id).map(({ kind }) => kind)).toEqual(['sealed'])
  const { messages } = await ada.person.api.messages.page.query({ conversationId: id })
  expect(messages.map(({ content }) => content.kind)).toEqual(['plain', 'sealed'])
  // It is as it was wished, so nothing more is asked.
  const again = ada.engine.act({ kind: 'open-direct', accountId: ben.id, sealed: true })
  expect(again).toMatchObject({ state: 'sent', makes: id })
})

test('S72: a wish for a sealed one that waits offline turns the plain one that somebody makes meanwhile', async () => {
  await using stage = await sealedStage(['ben'])
  const ben = named(stage.people, 0)
  const person = await stage.person('ada')
  const proxy = stage.stack.use(await openFaultProxy(stage.server.url))
  const device = stage.stack.use(openDevice({ url: proxy.through(stage.server.url) }, person))
  const { engine } = device
  const ada = { person, device, engine, id: person.account.id }
  await until(engine, (each) => each.encryption().kind === 'ready')
  await caughtUp(engine)
  proxy.refuse()
  await until(engine, (each) => each.connection().kind === 'waiting')
  const asked = engine.act({ kind: 'open-direct', accountId: ben.id, sealed: true })
  if (!asked.makes) throw new Error('It makes one')
  engine.act({
    kind: 'send',
    conversationId: asked.makes,
    content: { kind: 'plain', text: 'sealed from the first word' },
  })
  await did(ben.engine, { kind: 'open-direct', accountId: ada.id })
  const id = await directWith(ben, ada)
  await say(ben, id, 'plain')
  proxy.resume()
  engine.retryNow()
  await settled(engine)
  await sees(ben.engine, id, ['plain', 'sealed from the first word'])
  const { messages } = await person.api.messages.page.query({ conversationId: id })
  expect(messages.map(({ content }) => content.kind)).toEqual(['plain', 'sealed'])
  expect(engine.conversations().filter(({ otherId }) => otherId === ben.id).length).toBe(1)
})

test('S72: both asking at once, for a sealed and a plain one, have one that is sealed', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [ada, ben, eve] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  await Promise.all([
    did(ada.engine, { kind: 'open-direct', accountId: ben.id, sealed: true }),
    did(ben.engine, { kind: 'open-direct', accountId: ada.id, sealed: true }),
    did(eve.engine, { kind: 'open-direct', accountId: ada.id }),
    did(ada.engine, { kind: 'open-direct', accountId: eve.id, sealed: true }),
  ])
  for (const [one, other] of [
    [ada, ben],
    [ada, eve],
  ] as const) {
    const id = await directWith(one, other)
    await isOpen(one.engine, id)
    await isOpen(other.engine, id)
    await say(one, id, 'hello')
    await sees(other.engine, id, ['hello'])
    const { messages } = await one.person.api.messages.page.query({ conversationId: id })
    expect(messages.map(({ content }) => content.kind)).toEqual(['sealed'])
  }
})

test('S72: an invitation is accepted sealed where that is wished, and no word is said in a plain one', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  await did(ada.engine, { kind: 'invite', accountId: ben.id })
  await until(ben.engine, (each) => each.requests().invitations.length > 0)
  await did(ben.engine, { kind: 'accept-invitation', fromId: ada.id, sealed: true })
  const id = await directWith(ada, ben)
  await isOpen(ada.engine, id)
  await say(ada, id, 'you said yes')
  await sees(ben.engine, id, ['you said yes'])
  await until(ada.engine, (each) => each.requests().mine.length === 0 || each.conversation(id))
  const { messages } = await ada.person.api.messages.page.query({ conversationId: id })
  expect(messages.map(({ content }) => content.kind)).toEqual(['sealed'])
})

test('S72: what was on its way while a conversation was turned arrives sealed', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const holding = { on: false, held: Promise.withResolvers<void>(), free: Promise.withResolvers<void>() }
  const ben = await stage.open(await stage.person('ben'), {
    around: (server) => ({
      ...server,
      get state() {
        return server.state
      },
      async perform(call) {
        if (holding.on && call.kind === 'send') {
          holding.held.resolve()
          await holding.free.promise
        }
        return server.perform(call)
      },
    }),
  })
  await did(ada.engine, { kind: 'open-direct', accountId: ben.id })
  const id = await directWith(ada, ben)
  await until(ben.engine, (each) => each.conversation(id))
  await say(ben, id, 'one')
  holding.on = true
  const said = say(ben, id, 'two')
  await holding.held.promise
  await did(ada.engine, { kind: 'turn-sealed', conversationId: id, history: 'everything' })
  holding.free.resolve()
  await Promise.all([said, say(ben, id, 'three')])
  await sees(ada.engine, id, ['one', 'two', 'three'])
  await sees(ben.engine, id, ['one', 'two', 'three'])
  const { messages } = await ada.person.api.messages.page.query({ conversationId: id })
  expect(messages.map(({ content }) => content.kind)).toEqual(['plain', 'sealed', 'sealed'])
})
