import { addAttachment } from '@parley/chat/attachments/add'
import { removeOrphans } from '@parley/chat/attachments/sweep'
import { deleteMessage } from '@parley/chat/messages/change'
import { sendMessage, sendToPerson } from '@parley/chat/messages/send'
import { newAttachmentId } from '@parley/chat/secrets'
import { MessageId } from '@parley/domain/ids'
import { orphanAttachmentKeptMs } from '@parley/domain/limits'
import { expect, test } from 'vitest'
import { group, person, saying, testChat } from './harness.ts'

test('P2: a repeated send returns the first result, also when its attachment is gone with the message', async () => {
  await using testing = await testChat()
  const { chat } = testing
  const ada = await person(testing, 'ada')
  const { id: conversationId } = await group(testing, ada)
  const content = { contentHash: 'a'.repeat(64), name: 'a.txt', mediaType: 'text/plain', bytes: 1 }
  const { id } = await addAttachment(chat, ada, { id: newAttachmentId(), ...content })
  const message = { ...saying(conversationId, 'with a file'), attachments: [id] }
  const first = await sendMessage(chat, ada, message)
  await deleteMessage(chat, ada, { conversationId, messageId: MessageId.parse(first.messageId) })
  testing.clock.advance(orphanAttachmentKeptMs + 1)
  expect(await removeOrphans(chat, 10)).toHaveLength(1)

  expect(await sendMessage(chat, ada, message)).toEqual({ ...first, repeated: true })
  const another = sendMessage(chat, ada, { ...saying(conversationId, 'new'), attachments: [id] })
  await expect(another).rejects.toMatchObject({
    kind: 'attachment-missing',
    detail: { field: 'attachments' },
  })
})

test('P2: an id that was used in another conversation is refused to whoever sends to a person too, and nothing is made for it', async () => {
  await using testing = await testChat()
  const { chat } = testing
  const [ada, ben, cyd] = [
    await person(testing, 'ada'),
    await person(testing, 'ben'),
    await person(testing, 'cyd'),
  ]
  const { id: conversationId } = await group(testing, ada)
  const elsewhere = { kind: 'invalid-input', detail: { field: 'clientMessageId' } }
  const { conversationId: _, ...inGroup } = saying(conversationId, 'in the group')
  await sendMessage(chat, ada, { ...inGroup, conversationId })
  await expect(sendToPerson(chat, ada, { ...inGroup, accountId: ben.accountId })).rejects.toMatchObject(
    elsewhere,
  )
  expect(await chat.db.read.conversations.directOf(ada.accountId, ben.accountId)).toBeNull()

  const { conversationId: __, ...toBen } = saying(conversationId, 'to ben')
  const first = await sendToPerson(chat, ada, { ...toBen, accountId: ben.accountId })
  expect(await sendToPerson(chat, ada, { ...toBen, accountId: ben.accountId })).toEqual({
    ...first,
    repeated: true,
  })
  await expect(sendToPerson(chat, ada, { ...toBen, accountId: cyd.accountId })).rejects.toMatchObject(
    elsewhere,
  )
  await expect(sendMessage(chat, ada, { ...toBen, conversationId })).rejects.toMatchObject(elsewhere)
  expect(await chat.db.read.conversations.directOf(ada.accountId, cyd.accountId)).toBeNull()
})
