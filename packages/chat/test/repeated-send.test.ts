import { addAttachment } from '@parley/chat/attachments/add'
import { removeOrphans } from '@parley/chat/attachments/sweep'
import { deleteMessage } from '@parley/chat/messages/change'
import { sendMessage } from '@parley/chat/messages/send'
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
