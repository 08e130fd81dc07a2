import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ConversationId, Position } from '@parley/domain/ids'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { inviteLinkFor } from '../../src/engine/invite-link.ts'
import { parseLink } from '../../src/main/link.ts'
import { openDevice, refusalOf } from './device.ts'

const conversation = (letter: string) => ConversationId.parse(`c${letter.repeat(15)}`)

test('what of the notices was seen, and that a recovery code was put off, is kept over a restart', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine } = device
  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password: 'correct horse battery' })
  const seen = async (letter: string) =>
    (await engine.encryption.notices.query({ id: conversation(letter) })).seenUpTo
  expect(await seen('a')).toBe(0)
  expect(await engine.encryption.isPutOff.query()).toBe(false)
  await engine.encryption.seeNotices.mutate({ conversationId: conversation('a'), upTo: Position.parse(7) })
  await engine.encryption.seeNotices.mutate({ conversationId: conversation('b'), upTo: Position.parse(9) })
  await engine.encryption.seeNotices.mutate({ conversationId: conversation('a'), upTo: Position.parse(8) })
  await engine.encryption.putOff.mutate()
  await device.restart()
  expect([await seen('a'), await seen('b'), await seen('c')]).toEqual([8, 9, 0])
  expect(await engine.encryption.isPutOff.query()).toBe(true)
})

test('the recovery code is saved where the person chose, for nobody else on the computer, and nowhere else', async () => {
  await using server = await startServer()
  await using device = await openDevice()
  const { engine, desk, folder } = device
  await engine.servers.signUp.mutate({ url: server.url, username: 'ada', password: 'correct horse battery' })
  const path = join(folder, 'code.txt')
  const handle = desk.choose(path, 'write')
  await engine.encryption.saveRecoveryCode.mutate({ handle, text: 'ABCD-EFGH' })
  expect(readFileSync(path, 'utf8')).toBe('ABCD-EFGH')
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600)

  expect(await refusalOf(engine.encryption.saveRecoveryCode.mutate({ handle, text: 'again' }))).toBe(
    'not-found',
  )
  const toRead = desk.choose(path, 'read')
  expect(await refusalOf(engine.encryption.saveRecoveryCode.mutate({ handle: toRead, text: 'again' }))).toBe(
    'not-allowed',
  )
  expect(readFileSync(path, 'utf8')).toBe('ABCD-EFGH')
})

test('the invite link of an encrypted group leads there, with its secret where no server sees it', () => {
  const id = conversation('a')
  const link = inviteLinkFor('https://example.org/chat', id, `parley://join/${id}#seed.chain`)
  expect(link).toMatch(/^[^#]*#seed\.chain$/)
  expect(parseLink(link)).toEqual({
    kind: 'join',
    server: 'https://example.org/chat',
    conversationId: id,
    secret: 'seed.chain',
  })
})
