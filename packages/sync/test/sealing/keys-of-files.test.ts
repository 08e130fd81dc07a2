import { join } from 'node:path'
import { AttachmentId, type ConversationId } from '@parley/domain/ids'
import { toText } from '@parley/domain/sealed/bytes'
import type { Engine } from '@parley/sync/engine'
import { attachmentSecret, putAttachmentSecret } from '@parley/sync/store/sealed'
import { Store } from '@parley/sync/store/store'
import { Topics } from '@parley/sync/topics'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { testKey, until } from '../devices.ts'
import { did, isOpen, named, say, sealedGroup, sealedStage, sees, type Somebody } from './people.ts'
import { RawMember } from './raw.ts'

const keyOf = (number: number) => ({ key: new Uint8Array(32).fill(number), bytes: number })

test('S64: a message that names the file of another one does not change how that opens', () => {
  using folder = temporaryFolder('parley-files')
  using store = new Store(join(folder.path, 'store.db'), testKey, new Topics())
  const { connection } = store
  const id = AttachmentId.parse(`f${'a'.repeat(15)}`)
  const put = (messageId: number, number: number) =>
    store.write(() => putAttachmentSecret(connection, id, messageId, keyOf(number)))
  const bytesIn = (messageId: number) => attachmentSecret(connection, id, messageId)?.bytes
  put(5, 1)
  // Whether it says to be older or newer.
  put(9, 2)
  put(3, 3)
  expect([3, 5, 9].map(bytesIn)).toEqual([3, 1, 2])
  expect(bytesIn(4)).toBeUndefined()
  // As an edit of the same message brings it again.
  put(3, 4)
  expect([3, 5, 9].map(bytesIn)).toEqual([4, 1, 2])
})

/** The message with a file, and that file, once it is here. */
const fileIn = (engine: Engine, id: ConversationId) =>
  until(engine, (each) => {
    const { items } = each.timeline({ conversationId: id, at: { kind: 'newest' } })
    const item = items.find(({ attachments, delivery }) => delivery === 'confirmed' && attachments.length > 0)
    const file = AttachmentId.safeParse(item?.attachments[0]?.id).data
    return file && item?.id ? { file, messageId: item.id } : null
  })

async function sendFile(who: Somebody, id: ConversationId, content: Uint8Array) {
  const { id: file } = await who.engine.addAttachment(id, { name: 'plan.bin', mediaType: '', content })
  await say(who, id, 'see the plan', { attachments: [file] })
  return fileIn(who.engine, id)
}

test('S70: a member who names the file of somebody else’s message with a key of another changes nothing of that file', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const eve = await RawMember.begin(await stage.person('eve'))
  const id = await sealedGroup(ada, [ben, { ...ada, id: eve.id }])
  await isOpen(ada.engine, id)
  const plain = await sealedGroup(ada, [ben, { ...ada, id: eve.id }], { sealed: false, history: undefined })
  await eve.read(id)
  const { messageId, clientMessageId } = await eve.say('hello')
  await sees(ben.engine, id, ['hello'])
  const content = new TextEncoder().encode('how the garden is to be')
  const inSealed = await sendFile(ada, id, content)
  const inPlain = await sendFile(ada, plain, content)
  expect(inSealed.messageId).toBeGreaterThan(messageId)
  // By an edit, what eve said before either of them has them both.
  const attachments = [inSealed, inPlain].map(({ file }) => {
    const key = toText(new Uint8Array(32).fill(7))
    return { id: file, name: 'plan.bin', mediaType: '', bytes: content.length, key }
  })
  const sealed = eve.seal({ text: 'hello again', attachments }, clientMessageId, 1)
  await eve.person.api.messages.edit.mutate({
    conversationId: id,
    messageId,
    content: { kind: 'sealed', sealed },
  })
  await sees(ben.engine, id, ['hello again', 'see the plan'])
  const shown = [await fileIn(ben.engine, plain), inSealed]
  for (const { file, messageId: of } of shown)
    expect(Buffer.from(await ben.engine.attachment(file, of)).toString()).toBe(String(Buffer.from(content)))
  // The one that was lied of is what it is, also while a copy of the file is here.
  for (const { file } of shown)
    await expect(ben.engine.attachment(file, messageId)).rejects.toMatchObject({
      kind: 'chain-refused',
      message: expect.stringMatching(/^tampered: /),
    })
  // An edit by its author keeps the file as it was.
  await did(ada.engine, {
    kind: 'edit',
    conversationId: id,
    messageId: inSealed.messageId,
    content: { kind: 'plain', text: 'see it now' },
  })
  await sees(ben.engine, id, ['hello again', 'see it now'])
  await ben.engine.clearAttachmentCache()
  const after = await ben.engine.attachment(inSealed.file, inSealed.messageId)
  expect(Buffer.from(after).equals(content)).toBe(true)
})
