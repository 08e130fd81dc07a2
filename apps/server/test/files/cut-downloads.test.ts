import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { revokeSession } from '@parley/chat/accounts/sessions'
import { removeMember } from '@parley/chat/conversations/members'
import { deleteMessage, react } from '@parley/chat/messages/change'
import type { Conversation } from '@parley/domain/conversations'
import type { AttachmentId } from '@parley/domain/ids'
import type { Sent } from '@parley/domain/messages'
import { expect, test } from 'vitest'
import { bearer, open, uploaded } from './http.ts'
import { FilesStage, someBytes, type Someone } from './stage.ts'

/** More than what all buffers between two sockets of one machine hold. */
const bytes = 24 * 1024 * 1024

interface Scene {
  readonly stage: FilesStage
  readonly alice: Someone
  readonly bob: Someone
  readonly carol: Someone
  readonly room: Conversation
  readonly id: AttachmentId
  readonly sent: Sent
}

/** Bob and Carol are in the middle of downloading what Alice sent. @returns how many bytes each got in the end. */
async function whileDownloading(
  act: (scene: Scene) => Promise<void>,
): Promise<{ bob: number; carol: number }> {
  await using stage = await FilesStage.open()
  const [alice, bob, carol] = [
    await stage.person('alice'),
    await stage.person('bob'),
    await stage.person('carol'),
  ]
  const room = await stage.group(alice, bob, carol)
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(bytes))
  const sent = await stage.send(alice, room, id)
  const begun = [await beginning(stage, bob, id), await beginning(stage, carol, id)]
  await act({ stage, alice, bob, carol, room, id, sent })
  const [ofBob = 0, ofCarol = 0] = await Promise.all(begun.map(rest))
  expect(stage.logged).toEqual([])
  return { bob: ofBob, carol: ofCarol }
}

async function beginning(stage: FilesStage, who: Someone, id: AttachmentId): Promise<IncomingMessage> {
  const request = open(`${stage.url}/files/${id}`, { headers: bearer(who) })
  request.end()
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (response?.statusCode !== 200) throw new Error('The download was not begun')
  return response
}

/** What still comes of a download, to its end or to where it is cut off. */
async function rest(response: IncomingMessage): Promise<number> {
  let count = 0
  const over = Promise.withResolvers<void>()
  response.once('error', () => over.resolve())
  response.once('close', () => over.resolve())
  if (response.closed) over.resolve()
  response.on('data', (piece: Buffer) => (count += piece.length))
  await over.promise
  return count
}

test('P6: a member removed in the middle of a download gets no more of it, and others all', async () => {
  const got = await whileDownloading(({ stage, alice, bob, room }) =>
    removeMember(stage.chat, alice.actor, { conversationId: room.id, accountId: bob.actor.accountId }),
  )
  expect(got.bob).toBeLessThan(bytes)
  expect(got.carol).toBe(bytes)
})

test('P6: a session revoked in the middle of a download gets no more of it, and others all', async () => {
  const got = await whileDownloading(({ stage, bob }) =>
    revokeSession(stage.chat, bob.actor, bob.actor.sessionId),
  )
  expect(got.bob).toBeLessThan(bytes)
  expect(got.carol).toBe(bytes)
})

test('P6: who downloads from a message that is deleted meanwhile gets no more of it', async () => {
  const got = await whileDownloading(({ stage, alice, room, sent }) =>
    deleteMessage(stage.chat, alice.actor, { conversationId: room.id, messageId: sent.messageId }),
  )
  expect(got.bob).toBeLessThan(bytes)
  expect(got.carol).toBeLessThan(bytes)
})

test('downloads go on when a message changes or goes that does not decide about them', async () => {
  const got = await whileDownloading(async ({ stage, alice, bob, room, id, sent }) => {
    const second = await stage.send(bob, room, id)
    await react(stage.chat, bob.actor, {
      conversationId: room.id,
      messageId: sent.messageId,
      emoji: '👍',
      on: true,
    })
    await deleteMessage(stage.chat, alice.actor, { conversationId: room.id, messageId: second.messageId })
  })
  expect(got).toEqual({ bob: bytes, carol: bytes })
})
