import { addAttachment } from '@parley/chat/attachments/add'
import { getAttachment, ownAttachment } from '@parley/chat/attachments/get'
import { attachmentMediaType, attachmentName } from '@parley/chat/attachments/naming'
import { removeOrphans } from '@parley/chat/attachments/sweep'
import { signOut } from '@parley/chat/accounts/sessions'
import type { Actor } from '@parley/chat/actor'
import { deleteMessage } from '@parley/chat/messages/change'
import { sendMessage } from '@parley/chat/messages/send'
import { newAttachmentId } from '@parley/chat/secrets'
import { orphanAttachmentKeptMs } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { expect, test } from 'vitest'
import { group, person, saying, testChat, type TestChat } from '../harness.ts'

const contentHash = 'a'.repeat(64)

const file = () => ({ id: newAttachmentId(), name: 'a.png', mediaType: 'image/png', bytes: 3, contentHash })

const add = ({ chat }: TestChat, actor: Actor) => addAttachment(chat, actor, file())

test('an attachment added again under its id is the first one, whatever is said of it then (P2)', async () => {
  await using testing = await testChat()
  const alice = await person(testing, 'alice')
  const given = file()
  const first = await addAttachment(testing.chat, alice, given)
  testing.clock.advance(1_000)
  expect(await addAttachment(testing.chat, alice, { ...given, name: 'b.png' })).toEqual(first)
  expect(first).toEqual({
    id: given.id,
    name: 'a.png',
    mediaType: 'image/png',
    bytes: 3,
    ownerId: alice.accountId,
    uploadedAt: testing.clock.now() - 1_000,
  })
})

test('P6: a session that has ended adds no attachment', async () => {
  await using testing = await testChat()
  const alice = await person(testing, 'alice')
  const given = file()
  const [, added] = await Promise.allSettled([
    signOut(testing.chat, alice),
    addAttachment(testing.chat, alice, given),
  ])
  expect(added).toMatchObject({ status: 'rejected', reason: { kind: 'signed-out' } })
  expect(await testing.db.read.attachments.get(given.id)).toBeNull()
})

test('P6: an attachment is its owner’s, and of those who are where a message carries it', async () => {
  await using testing = await testChat()
  const [alice, bob, carol] = [
    await person(testing, 'alice'),
    await person(testing, 'bob'),
    await person(testing, 'carol'),
  ]
  const { id: conversationId } = await group(testing, alice, { members: [bob.accountId] })
  const { id } = await add(testing, alice)
  const get = (actor: Actor) =>
    getAttachment(testing.chat, actor.accountId, id).then(
      () => 'had',
      (error: unknown) => (error instanceof Refusal ? error.kind : 'failed'),
    )
  expect([await get(alice), await get(bob), await get(carol)]).toEqual(['had', 'not-found', 'not-found'])
  const { messageId } = await sendMessage(testing.chat, alice, {
    ...saying(conversationId, ''),
    attachments: [id],
  })
  expect([await get(alice), await get(bob), await get(carol)]).toEqual(['had', 'had', 'not-found'])
  expect(await ownAttachment(testing.chat, bob.accountId, id)).toBeNull()
  await deleteMessage(testing.chat, alice, { conversationId, messageId })
  expect([await get(alice), await get(bob), await get(carol)]).toEqual(['had', 'not-found', 'not-found'])
})

test.each([true, false])(
  'a message sent with an orphan beside the sweep (message first: %s) is whole or refused',
  async (first) => {
    await using testing = await testChat()
    const alice = await person(testing, 'alice')
    const { id: conversationId } = await group(testing, alice)
    const { id } = await add(testing, alice)
    testing.clock.advance(orphanAttachmentKeptMs + 1)
    const send = () => sendMessage(testing.chat, alice, { ...saying(conversationId, ''), attachments: [id] })
    // Both are in the same transaction: their order in it is the order in which they came to write.
    const sweep = () => removeOrphans(testing.chat, 10)
    const swept = first ? undefined : sweep()
    if (!first) await microtasks(20)
    const [sent, hashes] = await Promise.allSettled([send(), swept ?? microtasks(20).then(sweep)])
    const row = await testing.db.read.attachments.get(id)
    if (first) {
      expect(sent.status).toBe('fulfilled')
      expect(hashes).toEqual({ status: 'fulfilled', value: [] })
      expect(row).not.toBeNull()
    } else {
      expect(sent).toMatchObject({ status: 'rejected', reason: { kind: 'attachment-missing' } })
      expect(hashes).toEqual({ status: 'fulfilled', value: [contentHash] })
      expect(row).toBeNull()
    }
  },
)

async function microtasks(count: number): Promise<void> {
  for (let each = 0; each < count; each += 1) await Promise.resolve()
}

test('what no message carries is removed when its time is over, some at a time, oldest first', async () => {
  await using testing = await testChat()
  const alice = await person(testing, 'alice')
  const { id: conversationId } = await group(testing, alice)
  const orphans = [await add(testing, alice)]
  testing.clock.advance(1)
  orphans.push(await add(testing, alice))
  const carried = await add(testing, alice)
  await sendMessage(testing.chat, alice, { ...saying(conversationId, ''), attachments: [carried.id] })
  testing.clock.advance(orphanAttachmentKeptMs - 1)
  expect(await removeOrphans(testing.chat, 10)).toEqual([])
  testing.clock.advance(2)
  expect(await removeOrphans(testing.chat, 1)).toEqual([contentHash])
  const left = await testing.db.read.attachments.many([...orphans.map(({ id }) => id), carried.id])
  expect(left.map(({ id }) => id)).toEqual([orphans[1]?.id, carried.id])
  await removeOrphans(testing.chat, 10)
  expect(await testing.db.read.attachments.get(carried.id)).not.toBeNull()
  expect(await testing.db.read.attachments.isContentUsed(contentHash)).toBe(true)
})

test.each([
  'a.png',
  ' a.png ',
  'ünïcode 📎.tar.gz',
  '.profile',
  '...',
  'a:b',
  'CON',
  'x'.repeat(255),
  'עברית\u200f.txt',
])('the name %j is taken', (name) => {
  expect(attachmentName(name)).toBe(name.trim())
})

test.each([
  '',
  ' ',
  '.',
  '..',
  '/',
  'a/b',
  '..\\b',
  'a\u0000',
  'a\nb',
  'a\tb',
  'a\u007fb',
  'a\u009fb',
  'a\u2028b',
  'a\u202eb',
  'a\u2066b',
  '\ud800',
  'x'.repeat(256),
])('P9: the name %j is refused', (name) => {
  expect(() => attachmentName(name)).toThrow(
    expect.objectContaining({ kind: 'invalid-input', detail: { field: 'filename' } }),
  )
})

test.each([
  ['', 'application/octet-stream'],
  ['image/png', 'image/png'],
  ['Text/HTML; charset=utf-8', 'text/html'],
  ['image/svg+xml', 'image/svg+xml'],
  [
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
])('the media type %j is %j', (given, mediaType) => {
  expect(attachmentMediaType(given)).toBe(mediaType)
})

test.each([
  'image',
  'image/',
  '/png',
  'image/png/x',
  'image png',
  'image/p\u0000ng',
  'image/png\r\nX: y',
  `a/${'b'.repeat(126)}`,
])('P9: the media type %j is refused', (mediaType) => {
  expect(() => attachmentMediaType(mediaType)).toThrow(
    expect.objectContaining({ kind: 'invalid-input', detail: { field: 'filetype' } }),
  )
})
