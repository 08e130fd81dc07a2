import { afterAll, describe, expect, test } from 'vitest'
import { say, sayAll } from './saying.ts'
import { follow, groupOf, refusal, type Someone, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

/** How a conversation stands for somebody: in the list, by itself and in a snapshot it is the same. */
async function standing({ api }: Someone, conversationId: string) {
  const one = await api.conversations.get.query({ conversationId })
  const { conversations } = await api.conversations.mine.query({})
  const snapshot = await api.stream.snapshot.query()
  for (const list of [conversations, snapshot.conversations]) {
    expect(list.find(({ conversation }) => conversation.id === conversationId)).toEqual(one)
  }
  const { readUpTo, unread, mentions } = one
  return { readUpTo, unread, mentions }
}

const markRead = ({ api }: Someone, conversationId: string, messageId: number) =>
  api.messages.markRead.mutate({ conversationId, messageId })

describe('read markers', () => {
  test('go forward only, to a message that is there, and tell the other devices when they move', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const ids = await sayAll(ada, conversationId, ['one', 'two', 'three', 'four'])
    const [one = 0, two = 0, three = 0, four = 0] = ids
    const phone = await stage.device(ben)
    using ofPhone = await follow(phone)
    using ofAda = await follow(ada)
    const marker = (readUpTo: number, unread: number) => ({ conversationId, readUpTo, unread, mentions: 0 })
    expect(await markRead(ben, conversationId, two)).toEqual(marker(two, 2))
    expect(await markRead(ben, conversationId, one)).toEqual(marker(two, 2))
    expect(await markRead(ben, conversationId, two)).toEqual(marker(two, 2))
    // Beyond the newest message lies nothing yet that could be read.
    expect(await markRead(ben, conversationId, three + 1_000_000)).toEqual(marker(four, 0))
    const { messageId } = await say(ada, conversationId, 'five')
    expect(await standing(ben, conversationId)).toEqual({ readUpTo: four, unread: 1, mentions: 0 })
    await ofPhone.reach(messageId)
    expect(ofPhone.of('read')).toEqual([
      { kind: 'read', position: expect.any(Number), ...marker(two, 2) },
      { kind: 'read', position: expect.any(Number), ...marker(four, 0) },
    ])
    await ofAda.reach(messageId)
    expect(ofAda.of('read')).toEqual([])
    expect(await standing(phone, conversationId)).toEqual({ readUpTo: four, unread: 1, mentions: 0 })
  })

  test('P9: are for messages, by number', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    const invalid = await refusal(markRead(ada, conversationId, 0))
    expect(invalid).toEqual({ kind: 'invalid-input', field: 'messageId' })
    expect(await markRead(ada, conversationId, 1)).toEqual({
      conversationId,
      readUpTo: 0,
      unread: 0,
      mentions: 0,
    })
  })
})

describe('the counts of what is unread', () => {
  test('follow what is sent, what one sends oneself, what is read, and what is deleted', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    expect(await standing(ben, conversationId)).toEqual({ readUpTo: 0, unread: 0, mentions: 0 })
    const [one = 0, two = 0] = await sayAll(ada, conversationId, ['one', 'two'])
    const three = await say(ada, conversationId, 'three', { mentions: [ben.id] })
    const four = await say(ada, conversationId, 'four', { mentionsEveryone: true, mentions: [ben.id] })
    const five = await say(ada, conversationId, 'five', { mentions: [ada.id] })
    expect(await standing(ben, conversationId)).toEqual({ readUpTo: 0, unread: 5, mentions: 2 })
    // Whoever writes has read so far.
    expect(await standing(ada, conversationId)).toEqual({ readUpTo: five.messageId, unread: 0, mentions: 0 })

    expect(await markRead(ben, conversationId, one)).toMatchObject({ unread: 4, mentions: 2 })
    expect(await markRead(ben, conversationId, three.messageId)).toMatchObject({ unread: 2, mentions: 1 })
    await ada.api.messages.delete.mutate({ conversationId, messageId: four.messageId })
    // What was deleted is still a message that one has not seen the trace of; it mentions nobody.
    expect(await standing(ben, conversationId)).toEqual({
      readUpTo: three.messageId,
      unread: 2,
      mentions: 0,
    })
    await ada.api.messages.delete.mutate({ conversationId, messageId: two })
    expect(await standing(ben, conversationId)).toMatchObject({ unread: 2 })

    const own = await say(ben, conversationId, 'mine')
    expect(await standing(ben, conversationId)).toEqual({
      readUpTo: own.messageId,
      unread: 0,
      mentions: 0,
    })
    expect(await standing(ada, conversationId)).toEqual({ readUpTo: five.messageId, unread: 1, mentions: 0 })
  })

  test('an edit changes who is mentioned, and the count with it', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const { messageId } = await say(ada, conversationId, 'hello')
    const content = { kind: 'plain' as const, text: 'hello' }
    const edit = (more: object) =>
      ada.api.messages.edit.mutate({ conversationId, messageId, content, ...more })
    await edit({ mentions: [ben.id] })
    expect(await standing(ben, conversationId)).toMatchObject({ unread: 1, mentions: 1 })
    await edit({})
    expect(await standing(ben, conversationId)).toMatchObject({ unread: 1, mentions: 0 })
  })

  test('are the same after a restart, those of own messages too', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    await say(ada, conversationId, 'one')
    const own = await say(ben, conversationId, 'two')
    await say(ada, conversationId, 'three', { mentions: [ben.id] })
    const [back] = await stage.restart(ben)
    expect(await standing(back, conversationId)).toEqual({
      readUpTo: own.messageId,
      unread: 1,
      mentions: 1,
    })
  })
})
