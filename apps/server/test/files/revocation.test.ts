import { revokeSession, signOut } from '@parley/chat/accounts/sessions'
import { setDisabled } from '@parley/chat/accounts/operator'
import { AttachmentId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { answerTo, begin, create, download, head, patch, patching, refusalIn, uploaded } from './http.ts'
import { FilesStage, someBytes } from './stage.ts'

test('P6: a session that ends in the middle of an upload is refused from then on; another goes on', async () => {
  await using stage = await FilesStage.open()
  const phone = await stage.person('alice')
  const desk = await stage.session(phone)
  const body = someBytes(100_000)
  const url = await begin(stage.uploadsUrl, phone, body.length)
  await patch(url, phone, 0, body.subarray(0, 40_000))
  const hanging = patching(url, phone, 40_000, { 'Content-Length': '60000' })
  const given = answerTo(hanging)
  hanging.write(body.subarray(40_000, 70_000))
  await stage.transfers(1)
  await revokeSession(stage.chat, desk.actor, phone.actor.sessionId)
  const answer = await given
  expect(answer.status).toBe(401)
  expect(refusalIn(answer).kind).toBe('signed-out')
  expect((await head(url, phone)).status).toBe(401)
  expect((await patch(url, phone, 40_000, body.subarray(40_000))).status).toBe(401)
  expect((await create(stage.uploadsUrl, phone, { bytes: 1 })).status).toBe(401)

  const offset = Number((await head(url, desk)).headers.get('upload-offset'))
  expect(offset).toBeGreaterThanOrEqual(40_000)
  const last = await patch(url, desk, offset, body.subarray(offset))
  expect(last.status).toBe(204)
  const id = AttachmentId.parse(last.headers.get('parley-attachment'))
  expect((await download(stage.url, desk, id)).body.equals(body)).toBe(true)
})

test('P6: a session that ends when all bytes are there makes no attachment any more', async () => {
  const ending: (() => void)[] = []
  await using stage = await FilesStage.open({
    reached: (step) => {
      if (step === 'moved') ending.splice(0).forEach((end) => end())
    },
  })
  const phone = await stage.person('alice')
  const desk = await stage.session(phone)
  const body = someBytes(1_000)
  const url = await begin(stage.uploadsUrl, phone, body.length)
  const ended = Promise.withResolvers<void>()
  ending.push(() => void signOut(stage.chat, phone.actor).then(ended.resolve, ended.reject))
  const answer = await patch(url, phone, 0, body)
  await ended.promise
  expect(answer.status).toBe(401)
  expect(await stage.chat.db.read.attachments.contentHashes('', 10)).toEqual([])
  const finished = await head(url, desk)
  expect(finished.headers.get('parley-attachment')).toMatch(/^f/)
  expect(await stage.findings()).toEqual([])
})

test('P6: a disabled account is refused, and so is its download that is under way', async () => {
  await using stage = await FilesStage.open()
  const alice = await stage.person('alice')
  const id = await uploaded(stage.uploadsUrl, alice, someBytes(10))
  expect((await download(stage.url, alice, id)).status).toBe(200)
  await setDisabled(stage.chat, { accountId: alice.actor.accountId, disabled: true })
  expect((await download(stage.url, alice, id)).status).toBe(401)
})
