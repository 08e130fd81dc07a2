import { messageTextCharsMax } from '@parley/domain/limits'
import { afterAll, describe, expect, test } from 'vitest'
import { newId, say } from './saying.ts'
import { follow, groupOf, refusal, refusalOf, type Someone, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

const messageIn = ({ api }: Someone, conversationId: string, messageId: number) =>
  api.messages.get.query({ conversationId, messageId })
const idsIn = async ({ api }: Someone, conversationId: string) =>
  (await api.messages.page.query({ conversationId })).messages.map(({ id }) => id)

describe('sending', () => {
  test('gives a message its place, and everybody in it gets it as it was sent', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    using following = await follow(ben)
    const first = await say(ada, conversationId, 'one')
    const clientMessageId = newId()
    const sent = await say(ada, conversationId, ' two\n\ttwo ', {
      clientMessageId,
      replyTo: first.messageId,
      mentions: [ben.id, ben.id],
      mentionsEveryone: true,
      statedTime: '2026-01-01T00:00:00+01:00',
    })
    expect(sent).toMatchObject({ ordinal: 2, repeated: false })
    expect(sent.messageId).toBeGreaterThan(first.messageId)
    await following.until((each) => each.of('message').length === 2)
    const message = following.of('message')[1]?.message
    expect(message).toEqual({
      id: sent.messageId,
      conversationId,
      authorId: ada.id,
      clientMessageId,
      ordinal: 2,
      sentAt: sent.sentAt,
      statedTime: '2026-01-01T00:00:00+01:00',
      content: { kind: 'plain', text: ' two\n\ttwo ' },
      replyTo: first.messageId,
      mentions: [ben.id],
      mentionsEveryone: true,
    })
    expect(await messageIn(ben, conversationId, sent.messageId)).toEqual(message)
  })

  test('P3: ordinals have no gaps and positions go up, however many send at once', async () => {
    const people = await stage.people(3)
    const [ada, ben, eve] = people
    const conversationId = await groupOf(ada, [ben, eve])
    const sent = await Promise.all(
      Array.from({ length: 45 }, (_, nth) => say(people[nth % 3] ?? ada, conversationId, `text ${nth}`)),
    )
    const inOrder = sent.toSorted((one, other) => one.messageId - other.messageId)
    expect(inOrder.map(({ ordinal }) => ordinal)).toEqual(inOrder.map((_, nth) => nth + 1))
    expect(await idsIn(eve, conversationId)).toEqual(inOrder.map(({ messageId }) => messageId))
  })

  const tooLong = 'x'.repeat(messageTextCharsMax + 1)
  test.for([
    ['no text', { content: { kind: 'plain', text: ' \n\t' } }, 'content'],
    ['too long a text', { content: { kind: 'plain', text: tooLong } }, 'content.text'],
    ['a control character', { content: { kind: 'plain', text: 'a\u0000b' } }, 'content.text'],
    ['half a character', { content: { kind: 'plain', text: '\ud800' } }, 'content.text'],
    ['no kind of content', { content: { text: 'hello' } }, 'content.kind'],
    ['the content of what is deleted', { content: { kind: 'deleted', by: 'a', at: 0 } }, 'content.kind'],
    ['a client id with a space', { clientMessageId: 'a b' }, 'clientMessageId'],
    ['no client id', { clientMessageId: '' }, 'clientMessageId'],
    ['a conversation that is no id', { conversationId: 'here' }, 'conversationId'],
    ['a reply to no position', { replyTo: 0 }, 'replyTo'],
    ['somebody mentioned who is no id', { mentions: ['everybody'] }, 'mentions.0'],
  ] as const)('P9: a message with %s is refused by its field', async ([, wrong, field]) => {
    const ada = await stage.person()
    const conversationId = await groupOf(ada)
    const content = { kind: 'plain', text: 'hello' }
    const input = { conversationId, clientMessageId: newId(), content, ...wrong }
    expect(await refusalOf(ada, 'messages.send', input)).toEqual({ kind: 'invalid-input', field })
    expect(await idsIn(ada, conversationId)).toEqual([])
  })

  test('P8 P9: a sealed conversation takes sealed content only, and the others plain only', async () => {
    const ada = await stage.person()
    const sealedOne = await groupOf(ada, [], { sealed: true })
    const plainOne = await groupOf(ada)
    const sealed = { kind: 'sealed' as const, sealed: 'c2VhbGVk' }
    const mismatch = { kind: 'content-mismatch', field: 'content.kind' }
    expect(await refusal(say(ada, sealedOne, 'plain'))).toEqual(mismatch)
    expect(await refusal(say(ada, plainOne, '', { content: sealed }))).toEqual(mismatch)
    const { messageId } = await say(ada, sealedOne, '', { content: sealed })
    expect((await messageIn(ada, sealedOne, messageId)).content).toEqual(sealed)
    const content = { kind: 'plain' as const, text: 'plain' }
    const edit = ada.api.messages.edit.mutate({ conversationId: sealedOne, messageId, content })
    expect(await refusal(edit)).toEqual(mismatch)
    expect((await ada.api.messages.search.query({ words: 'sealed' })).messages).toEqual([])
  })

  test('P9: replies are to messages of the same conversation, and attachments have to be there', async () => {
    const ada = await stage.person()
    const [here, elsewhere] = await Promise.all([groupOf(ada), groupOf(ada)])
    const { messageId } = await say(ada, elsewhere, 'elsewhere')
    for (const replyTo of [messageId, 999_999_999]) {
      expect(await refusal(say(ada, here, 'reply', { replyTo }))).toEqual({
        kind: 'not-found',
        field: 'replyTo',
      })
    }
    const attachments = [`f${'x'.repeat(15)}`]
    expect(await refusal(say(ada, here, 'with', { attachments }))).toEqual({
      kind: 'attachment-missing',
      field: 'attachments',
    })
    expect(await idsIn(ada, here)).toEqual([])
  })

  test('mentioning accounts that are not there, or not in it, harms nobody', async () => {
    const [ada, eve] = await stage.people(2)
    const conversationId = await groupOf(ada)
    const mentions = [eve.id, `a${'x'.repeat(15)}`]
    const { messageId } = await say(ada, conversationId, 'hello', { mentions })
    expect((await messageIn(ada, conversationId, messageId)).mentions).toEqual(mentions)
  })
})

describe('P2: a send that is repeated returns the first result', () => {
  test('at once, many times, on both ways in and on another device; it is said once', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const phone = await stage.device(ada)
    using following = await follow(ben)
    const clientMessageId = newId()
    const again = (api: Someone['api'], text = 'once') =>
      api.messages.send.mutate({ conversationId, clientMessageId, content: { kind: 'plain', text } })
    const answers = await Promise.all([
      ...Array.from({ length: 5 }, () => again(ada.api)),
      ...Array.from({ length: 5 }, () => again(phone.http)),
    ])
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1)
    expect(new Set(answers.map(({ messageId }) => messageId)).size).toBe(1)
    const [first] = answers
    // What it says then does not matter: the first one stands.
    expect(await again(ada.api, 'other words')).toEqual({ ...first, repeated: true })
    const { messageId } = await say(ada, conversationId, 'after')
    await following.reach(messageId)
    expect(following.texts).toEqual(['once', 'after'])
  })

  test('after a restart, after being edited and deleted, and after its author was removed', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const clientMessageId = newId()
    const first = await say(ben, conversationId, 'once', { clientMessageId })
    const { messageId } = first
    const again = (by: Someone) => say(by, conversationId, 'once', { clientMessageId })
    const repeated = { ...first, repeated: true }
    const content = { kind: 'plain' as const, text: 'edited' }
    await ben.api.messages.edit.mutate({ conversationId, messageId, content })
    const [adaBack, benBack] = await stage.restart(ada, ben)
    expect(await again(benBack)).toEqual(repeated)
    expect((await messageIn(adaBack, conversationId, messageId)).content).toEqual(content)
    await benBack.api.messages.delete.mutate({ conversationId, messageId })
    expect(await again(benBack)).toEqual(repeated)
    await adaBack.api.conversations.removeMember.mutate({ conversationId, accountId: ben.id })
    expect(await again(benBack)).toEqual(repeated)
    expect(await refusal(say(benBack, conversationId, 'another'))).toMatchObject({ kind: 'not-a-member' })
    await adaBack.api.conversations.close.mutate({ conversationId })
    expect(await again(benBack)).toEqual(repeated)
    expect(await idsIn(adaBack, conversationId)).toEqual([messageId])
  })

  test('to another conversation it is refused, and says nothing there', async () => {
    const [ada, ben] = await stage.people(2)
    const [one, other] = await Promise.all([groupOf(ada), groupOf(ada)])
    const clientMessageId = newId()
    await say(ada, one, 'once', { clientMessageId })
    const elsewhere = say(ada, other, 'once', { clientMessageId })
    expect(await refusal(elsewhere)).toEqual({ kind: 'invalid-input', field: 'clientMessageId' })
    expect(await idsIn(ada, other)).toEqual([])
    // The name is its author's: somebody else may use the same.
    const ofBen = await groupOf(ben)
    expect(await say(ben, ofBen, 'once', { clientMessageId })).toMatchObject({ repeated: false })
  })
})

describe('editing', () => {
  test('changes what a message says and whom it mentions; the place and the rest stay', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const first = await say(ben, conversationId, 'first')
    const { messageId } = await say(ada, conversationId, 'before', {
      replyTo: first.messageId,
      mentions: [ben.id],
    })
    await ben.api.messages.react.mutate({ conversationId, messageId, emoji: '👍', on: true })
    const before = await messageIn(ben, conversationId, messageId)
    using following = await follow(ben)
    const content = { kind: 'plain' as const, text: 'afterwards' }
    const edited = await ada.api.messages.edit.mutate({ conversationId, messageId, content })
    const { mentions: _, ...rest } = before
    expect(edited).toEqual({ ...rest, content, editedAt: expect.any(Number) })
    await following.until((each) => each.of('message-changed').length > 0)
    expect(following.of('message-changed')[0]?.message).toEqual(edited)
    expect(await messageIn(ben, conversationId, messageId)).toEqual(edited)
  })

  test('P9: only by the author, only of what is there, and not into nothing', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const { messageId } = await say(ben, conversationId, 'mine')
    const content = { kind: 'plain' as const, text: 'changed' }
    const edit = (by: Someone, input: object = {}) =>
      refusal(by.api.messages.edit.mutate({ conversationId, messageId, content, ...input }))
    expect(await edit(ada)).toEqual({ kind: 'not-allowed' })
    expect(await edit(ben, { messageId: messageId + 1_000 })).toEqual({
      kind: 'not-found',
      field: 'messageId',
    })
    expect(await edit(ben, { content: { ...content, text: ' ' } })).toEqual({
      kind: 'invalid-input',
      field: 'content',
    })
    await ben.api.messages.delete.mutate({ conversationId, messageId })
    expect(await edit(ben)).toEqual({ kind: 'message-deleted' })
  })
})

describe('deleting', () => {
  test('leaves the place and who did it, and nothing of what was said; once', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    const sent = await say(ben, conversationId, 'a secret', { mentions: [ada.id], statedTime: 7 })
    const { messageId } = sent
    await ada.api.messages.react.mutate({ conversationId, messageId, emoji: '👀', on: true })
    const { clientMessageId } = await messageIn(ben, conversationId, messageId)
    await ada.api.messages.delete.mutate({ conversationId, messageId })
    expect(await messageIn(ben, conversationId, messageId)).toEqual({
      id: messageId,
      conversationId,
      authorId: ben.id,
      clientMessageId,
      ordinal: sent.ordinal,
      sentAt: sent.sentAt,
      content: { kind: 'deleted', by: ada.id, at: expect.any(Number) },
    })
    const gone = { kind: 'message-deleted' }
    expect(await refusal(ben.api.messages.delete.mutate({ conversationId, messageId }))).toEqual(gone)
    const react = ben.api.messages.react.mutate({ conversationId, messageId, emoji: '👍', on: true })
    expect(await refusal(react)).toEqual(gone)
    // It can still be replied to: what is there is there.
    await say(ada, conversationId, 'what was that?', { replyTo: messageId })
  })
})
