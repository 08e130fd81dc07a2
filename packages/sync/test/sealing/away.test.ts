import { systemClock } from '@parley/client/clock'
import { connect } from '@parley/client/connect'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { epochMs } from '@parley/domain/limits'
import { openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import type { NotifyEvent } from '@parley/sync/views'
import { expect, test } from 'vitest'
import { openDevice, settled, testKey, until } from '../devices.ts'
import { did, idOf, isOpen, named, ready, say, sealedGroup, sealedStage, sees, shown } from './people.ts'

test('S63, P7: a sealed group that is made offline, and what is said in it, goes out once, also after a restart', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const person = await stage.person('ben')
  await using proxy = await openFaultProxy(stage.server.url)
  const device = stage.stack.use(openDevice({ url: proxy.through(stage.server.url) }, person))
  await ready(device.engine)
  proxy.refuse()
  await until(device.engine, (each) => each.connection().kind === 'waiting')
  const made = device.engine.act({
    kind: 'make-group',
    name: 'Offline',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    members: [ada.id],
    sealed: true,
    history: 'everything',
  })
  if (!made.makes) throw new Error('It makes one')
  const conversationId = made.makes
  for (const text of ['one', 'two'])
    device.engine.act({ kind: 'send', conversationId, content: { kind: 'plain', text } })
  expect(device.engine.conversation(conversationId)?.sealing?.state).toBe('open')
  const [first] = device.engine.timeline({ conversationId, at: { kind: 'newest' } }).items
  expect(first).toMatchObject({ sealed: true, delivery: 'sending' })
  const again = await device.reopen()
  stage.stack.use(again)
  expect(again.engine.encryption().kind).toBe('ready')
  proxy.resume()
  again.engine.retryNow()
  await settled(again.engine)
  const there = await until(ada.engine, (each) => each.conversations()[0])
  await sees(ada.engine, idOf(there), ['one', 'two'])
  const { messages } = await ada.person.api.messages.page.query({ conversationId: idOf(there) })
  expect(messages.map(({ content }) => content.kind)).toEqual(['sealed', 'sealed'])
})

test('S63, P2: a message whose answer is lost is sealed again under its id, and there once', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const person = await stage.person('eve')
  await using proxy = await openFaultProxy(stage.server.url)
  const device = stage.stack.use(openDevice({ url: proxy.through(stage.server.url) }, person))
  await ready(device.engine)
  const id = await sealedGroup(ada, [ben, { ...ben, id: person.account.id }])
  await until(device.engine, (each) => each.conversation(id))
  await isOpen(device.engine, id)
  device.engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'once' } })
  // While it is away the epoch ends.
  proxy.refuse()
  await until(device.engine, (each) => each.connection().kind === 'waiting')
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: ben.id })
  proxy.resume()
  device.engine.retryNow()
  await settled(device.engine)
  await sees(ada.engine, id, ['once'])
  expect(shown(device.engine, id)).toEqual(['once'])
})

test('S63, S52: one is told of a message that mentions one once it is open', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const events: NotifyEvent[] = []
  using _ = ben.engine.onNotify((event) => void events.push(event))
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'look here', { mentions: [ben.id] })
  await say(ada, id, 'and not here')
  await sees(ben.engine, id, ['look here', 'and not here'])
  await until(ben.engine, () => events.length > 0)
  expect(events).toMatchObject([{ kind: 'message', reason: 'mention', text: 'look here' }])
})

test('S67: an epoch ends after a week, by the program that sends next', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'this week')
  await settled(ada.engine)
  await ada.device.close()
  const { url } = stage.server
  await using later = openEngine({
    path: ada.device.path,
    key: testKey,
    clock: { ...systemClock, now: () => Date.now() + epochMs },
    connect: (onState) => serverOver(connect({ url, token: ada.person.token, onState })),
    onDefect: (error) => console.error(error),
  })
  await ready(later)
  await did(later, { kind: 'send', conversationId: id, content: { kind: 'plain', text: 'next week' } })
  await sees(ben.engine, id, ['this week', 'next week'])
  const { entries } = await ben.person.api.sealed.chain.query({ conversationId: id })
  expect(entries.length).toBe(2)
})
