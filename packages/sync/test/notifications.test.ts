import { MessageId } from '@parley/domain/ids'
import { send } from '@parley/testkit/people'
import { expect, test } from 'vitest'
import type { Engine } from '@parley/sync/engine'
import type { NotifyEvent } from '@parley/sync/views'
import { caughtUp, openDevice, settled, until } from './devices.ts'
import { stage } from './stage.ts'

/** What a device's person is told of, as it comes. */
function heard(engine: Engine) {
  const events: NotifyEvent[] = []
  const listening = engine.onNotify((event) => void events.push(event))
  const texts = () => events.flatMap((event) => (event.kind === 'message' ? [event.text] : []))
  return { events, texts, [Symbol.dispose]: () => listening[Symbol.dispose]() }
}

const told = (engine: Engine, what: { events: readonly NotifyEvent[] }, count: number) =>
  until(engine, () => what.events.length >= count)

/** Everything that was said has been taken in. */
async function passed(on: Awaited<ReturnType<typeof stage>>, engine: Engine, text = 'the last word') {
  await send(on.bob, on.id, text)
  await until(engine, (each) => {
    const last = each.conversation(on.id)?.lastMessage?.content
    return last?.kind === 'plain' && last.text === text
  })
}

const mentioning = (on: Awaited<ReturnType<typeof stage>>, text: string) =>
  on.bob.http.messages.send.mutate({
    conversationId: on.id,
    clientMessageId: text,
    content: { kind: 'plain', text },
    mentions: [on.ada.account.id],
  })

test('S50: of a group one is told when mentioned, of a direct conversation always, and never of the own words', async () => {
  await using on = await stage()
  using heardByAda = heard(on.engine)
  await send(on.bob, on.id, 'to nobody')
  const { messageId } = await mentioning(on, 'to-ada')
  const direct = await on.bob.http.conversations.openDirect.mutate({ accountId: on.ada.account.id })
  await send(on.bob, direct.id, 'to her alone')
  await send(on.ada, direct.id, 'her own')
  await told(on.engine, heardByAda, 3)
  expect(heardByAda.events).toEqual([
    {
      kind: 'message',
      reason: 'mention',
      conversationId: on.id,
      messageId,
      authorId: on.bob.account.id,
      author: on.bob.account.displayName,
      group: 'A group',
      text: 'to-ada',
      attachments: 0,
      sentAt: expect.any(Number),
    },
    expect.objectContaining({ reason: 'direct', group: null, text: 'to her alone' }),
    // By writing she has read it, and it need not stand there any longer.
    expect.objectContaining({ kind: 'withdrawn', conversationId: direct.id }),
  ])
})

test('S51: what is usual for groups is changed for all of them but those for which something was chosen', async () => {
  await using on = await stage()
  using all = heard(on.engine)
  on.engine.setUsualLevel('group', 'all')
  expect(on.engine.usualLevels()).toEqual({ direct: 'all', group: 'all' })
  await passed(on, on.engine, 'to all')
  expect(all.texts()).toEqual(['to all'])
  expect(on.engine.conversation(on.id)).toMatchObject({ notificationLevel: 'all', isUsualLevel: true })
  on.engine.setNotificationLevel(on.id, 'mentions')
  on.engine.setUsualLevel('group', 'nothing')
  on.engine.setUsualLevel('direct', 'nothing')
  expect(on.engine.notificationLevel(on.id)).toBe('mentions')
  expect(on.engine.conversations()[0]).toMatchObject({ notificationLevel: 'mentions', isUsualLevel: false })
  expect(on.engine.badge()).toEqual({ unread: 1, mentions: 0 })
  await using again = await on.device.reopen()
  expect(again.engine.usualLevels()).toEqual({ direct: 'nothing', group: 'nothing' })
  again.engine.setNotificationLevel(on.id, null)
  expect(again.engine.conversation(on.id)).toMatchObject({ muted: true, isUsualLevel: true })
  again.engine.act({
    kind: 'make-group',
    name: 'New',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    members: [],
  })
  expect(again.engine.conversations()[0]).toMatchObject({ muted: true, isUsualLevel: true })
})

test('S51: a level of a conversation is kept across restarts, is shown, and nothing of a muted one counts', async () => {
  await using on = await stage()
  expect(on.engine.notificationLevel(on.id)).toBe('mentions')
  on.engine.setNotificationLevel(on.id, 'all')
  using all = heard(on.engine)
  await passed(on, on.engine, 'to all')
  expect(all.texts()).toEqual(['to all'])
  expect(on.engine.badge()).toEqual({ unread: 1, mentions: 0 })
  on.engine.setNotificationLevel(on.id, 'nothing')
  expect(on.engine.conversation(on.id)).toMatchObject({
    muted: true,
    notificationLevel: 'nothing',
    unread: 1,
  })
  expect(on.engine.badge()).toEqual({ unread: 0, mentions: 0 })
  await mentioning(on, 'not-heard')
  await passed(on, on.engine)
  expect(all.texts()).toEqual(['to all'])

  await using again = await on.device.reopen()
  expect(again.engine.notificationLevel(on.id)).toBe('nothing')
  again.engine.setNotificationLevel(on.id, null)
  expect(again.engine.conversations()[0]).toMatchObject({ muted: false, notificationLevel: 'mentions' })
  await until(again.engine, (each) => each.badge().mentions === 1)
})

test('S52: while one is not to be disturbed nothing is told, then or later, and a restart does not change that', async () => {
  await using on = await stage()
  on.engine.setNotificationLevel(on.id, 'all')
  const quietUntil = Date.now() + 3_600_000
  on.engine.setDoNotDisturb(quietUntil)
  await using again = await on.device.reopen()
  const { engine } = again
  expect(engine.doNotDisturbUntil()).toBe(quietUntil)
  using events = heard(engine)
  await caughtUp(engine)
  await passed(on, engine, 'quiet')
  engine.setDoNotDisturb(null)
  expect(engine.doNotDisturbUntil()).toBeNull()
  await passed(on, engine, 'loud')
  expect(events.texts()).toEqual(['loud'])
})

test('S53: what was told is withdrawn when it is read, here or on another device, or deleted', async () => {
  await using on = await stage()
  on.engine.setNotificationLevel(on.id, 'all')
  await using other = openDevice(on.server, on.ada)
  await caughtUp(other.engine)
  using events = heard(on.engine)
  const sent = []
  for (const text of ['one', 'two', 'three', 'four']) sent.push((await send(on.bob, on.id, text)).messageId)
  await told(on.engine, events, 4)
  const [one, two, three, four] = sent
  await until(other.engine, (each) => each.conversation(on.id)?.unread === 4)
  const read = (engine: Engine, messageId: unknown) =>
    engine.act({ kind: 'mark-read', conversationId: on.id, messageId: MessageId.parse(messageId) })
  read(other.engine, two)
  await told(on.engine, events, 5)
  await on.bob.http.messages.delete.mutate({ conversationId: on.id, messageId: MessageId.parse(four) })
  await told(on.engine, events, 6)
  read(on.engine, three)
  expect(events.events.slice(4)).toEqual([
    { kind: 'withdrawn', conversationId: on.id, messageIds: [one, two] },
    { kind: 'withdrawn', conversationId: on.id, messageIds: [four] },
    { kind: 'withdrawn', conversationId: on.id, messageIds: [three] },
  ])
  await settled(on.engine)
})

test('S54: of what was missed one is told once it is clear what was not read elsewhere, and of many together', async () => {
  await using on = await stage()
  on.engine.setNotificationLevel(on.id, 'all')
  await on.goOffline()
  using events = heard(on.engine)
  const { messageId } = await send(on.bob, on.id, 'read elsewhere')
  await on.ada.http.messages.markRead.mutate({ conversationId: on.id, messageId })
  await send(on.bob, on.id, 'missed')
  on.goOnline()
  await caughtUp(on.engine)
  expect(events.texts()).toEqual(['missed'])

  await on.goOffline()
  for (const text of ['1', '2', '3']) await send(on.bob, on.id, text)
  await mentioning(on, 'to-ada')
  on.goOnline()
  await caughtUp(on.engine)
  expect(events.events.slice(1)).toEqual([
    { kind: 'missed', messages: 4, mentions: 1, conversationIds: [on.id] },
  ])
})

test('S54: a first start and a new snapshot tell of nothing', async () => {
  await using on = await stage()
  for (let count = 0; count < 5; count++) await mentioning(on, `before-${count}`)
  await using device = openDevice(on.server, on.ada)
  using events = heard(device.engine)
  await caughtUp(device.engine)
  await until(device.engine, (each) => each.badge().mentions === 5)
  expect(events.events).toEqual([])
})
