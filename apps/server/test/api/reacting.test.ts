import { reactionKindsPerMessageMax } from '@parley/domain/limits'
import { afterAll, describe, expect, test } from 'vitest'
import { say } from './saying.ts'
import { follow, groupOf, refusal, type Someone, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

const messageIn = ({ api }: Someone, conversationId: string, messageId: number) =>
  api.messages.get.query({ conversationId, messageId })

describe('reacting', () => {
  test('adds and takes back, each person once an emoji; twice is once, and tells nobody', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const { messageId } = await say(ada, conversationId, 'hello')
    using following = await follow(ada)
    const react = (by: Someone, emoji: string, on = true) =>
      by.api.messages.react.mutate({ conversationId, messageId, emoji, on })
    await react(ada, '👍')
    await react(ben, '👍')
    await react(ben, '👍')
    await react(ben, ' 🎉 ')
    await react(ada, '🎉', false)
    expect((await messageIn(ben, conversationId, messageId)).reactions).toEqual([
      { emoji: '👍', accountIds: [ada.id, ben.id] },
      { emoji: '🎉', accountIds: [ben.id] },
    ])
    await react(ben, '🎉', false)
    await react(ben, '👍', false)
    await react(ada, '👍', false)
    expect(await messageIn(ben, conversationId, messageId)).not.toHaveProperty('reactions')
    const { messageId: last } = await say(ben, conversationId, 'the end')
    await following.reach(last)
    expect(following.of('message-changed')).toHaveLength(6)
  })

  test('P9: only to what is there, with one emoji, and as many kinds as a message takes', async () => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    const { messageId } = await say(ada, conversationId, 'hello')
    const react = (emoji: string, to: number = messageId) =>
      ada.api.messages.react.mutate({ conversationId, messageId: to, emoji, on: true })
    expect(await refusal(react(' '))).toEqual({ kind: 'invalid-input', field: 'emoji' })
    expect(await refusal(react('x'.repeat(65)))).toEqual({ kind: 'invalid-input', field: 'emoji' })
    expect(await refusal(react('👍', messageId + 1))).toEqual({ kind: 'not-found', field: 'messageId' })
    for (let nth = 0; nth < reactionKindsPerMessageMax; nth += 1) await react(`kind-${nth}`)
    expect(await refusal(react('one-more'))).toEqual({ kind: 'too-many' })
    expect((await messageIn(ada, conversationId, messageId)).reactions).toHaveLength(
      reactionKindsPerMessageMax,
    )
  })
})

describe('typing', () => {
  test('is told to the others who are there, and neither to oneself nor to anybody else', async () => {
    const [ada, ben, eve] = await stage.people(3)
    const conversationId = await groupOf(ada, [ben])
    const outside = await groupOf(eve)
    using ofAda = await follow(ada)
    using ofBen = await follow(ben)
    using ofEve = await follow(eve)
    await ada.api.messages.typing.mutate({ conversationId })
    const typing = ({ events }: typeof ofAda) => events.filter(({ kind }) => kind === 'typing')
    await ofBen.until((each) => typing(each).length > 0)
    expect(typing(ofBen)).toEqual([{ kind: 'typing', conversationId, accountId: ada.id }])
    // Whatever came of it has come by the time of an entry that was made after it.
    const { messageId } = await say(ada, conversationId, 'what I typed')
    const { messageId: elsewhere } = await say(eve, outside, 'something else')
    await Promise.all([ofAda.reach(messageId), ofEve.reach(elsewhere)])
    expect(typing(ofAda)).toEqual([])
    expect(typing(ofEve)).toEqual([])
  })
})
