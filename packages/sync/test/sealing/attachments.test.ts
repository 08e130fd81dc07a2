import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { settled, until } from '../devices.ts'
import { foundIn } from './dump.ts'
import { did, isOpen, named, sealedGroup, sealedStage } from './people.ts'

const marker = 'nobody but us reads this. '

test('S64: files go sealed in chunks with their names and types, and open on the other side', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  await isOpen(ada.engine, id)
  const content = Buffer.concat([Buffer.alloc(200 * 1024, marker), randomBytes(3)])
  const wishes = [
    { name: 'plan of the garden.png', mediaType: 'image/png', content },
    { name: 'empty.txt', mediaType: 'text/plain', content: new Uint8Array() },
    { name: 'one chunk.bin', mediaType: '', content: Buffer.alloc(64 * 1024, marker) },
  ]
  const attachments = []
  for (const wish of wishes) attachments.push((await ada.engine.addAttachment(id, wish)).id)
  await did(ada.engine, {
    kind: 'send',
    conversationId: id,
    content: { kind: 'plain', text: '' },
    attachments,
  })
  await settled(ada.engine)
  const there = await until(ben.engine, (each) => {
    const [one] = each.timeline({ conversationId: id, at: { kind: 'newest' } }).items
    return one?.attachments.length === 3 && one
  })
  expect(there.attachments.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes }))).toEqual(
    wishes.map(({ name, mediaType, content: { length } }) => ({ name, mediaType, bytes: length })),
  )
  for (const [at, { id: attachment }] of there.attachments.entries()) {
    const bytes = await ben.engine.attachment(attachment, there.id)
    expect(Buffer.from(bytes).equals(Buffer.from(wishes[at]?.content ?? []))).toBe(true)
  }
  // The screen is given no key.
  expect(Object.keys(there.attachments[0] ?? {}).toSorted()).toEqual(
    ['bytes', 'held', 'id', 'mediaType', 'name', 'sentBytes'].toSorted(),
  )
  // After an edit they are still there.
  if (there.id === null) throw new Error('It has an id')
  await did(ada.engine, {
    kind: 'edit',
    conversationId: id,
    messageId: there.id,
    content: { kind: 'plain', text: 'see the plan' },
  })
  await until(ben.engine, (each) => {
    const [one] = each.timeline({ conversationId: id, at: { kind: 'newest' } }).items
    return (
      one?.content.kind === 'plain' && one.content.text === 'see the plan' && one.attachments.length === 3
    )
  })
  expect(foundIn(stage.server.data, [marker.trim(), 'plan of the garden', 'see the plan'])).toEqual([])
})
