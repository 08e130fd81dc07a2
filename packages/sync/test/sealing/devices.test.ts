import type { ConversationId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { caughtUp, until } from '../devices.ts'
import { did, isOpen, named, ready, say, sealedGroup, sealedStage, sees } from './people.ts'

test('S61: a second device is taken in by a code, and reads what was said before', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'said before')
  const second = await stage.another(ada)
  expect(second.engine.encryption()).toEqual({ kind: 'not-linked', waiting: false })
  expect(second.engine.conversation(id)?.sealing?.state).toBe('waiting')
  const { code } = ada.engine.beginLink()
  await expect(
    second.engine.enterLinkCode(`${code.slice(0, -1)}${code.endsWith('A') ? 'B' : 'A'}`),
  ).rejects.toThrow(/mistyped/)
  await second.engine.enterLinkCode(code)
  await ready(second.engine)
  await sees(second.engine, id, ['said before'])
  await isOpen(second.engine, id)
  await say(second, id, 'from the second')
  await sees(ben.engine, id, ['said before', 'from the second'])
  await sees(ada.engine, id, ['said before', 'from the second'])
  expect(second.engine.devices().map(({ current }) => current)).toEqual([false, true])
  await until(ben.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'device-added'))
})

test('S61: a code that nobody shows takes nobody in', async () => {
  await using stage = await sealedStage(['ada'])
  const ada = named(stage.people, 0)
  const second = await stage.another(ada)
  const third = await stage.another(ada)
  const shown = ada.engine.beginLink()
  // A later code takes the place of the one before.
  const { code } = ada.engine.beginLink()
  await second.engine.enterLinkCode(shown.code)
  await third.engine.enterLinkCode(code)
  await ready(third.engine)
  expect(second.engine.encryption()).toEqual({ kind: 'not-linked', waiting: true })
  expect(ada.engine.devices().length).toBe(2)
})

test('S62: the recovery code takes a device in alone, with the keys of everything', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'said before')
  const code = await ada.engine.makeRecoveryCode()
  expect(ada.engine.encryption()).toMatchObject({ recovery: 'unconfirmed' })
  expect(await ada.engine.confirmRecoveryCode('AAAA')).toBe(false)
  expect(await ada.engine.confirmRecoveryCode(code.toLowerCase())).toBe(true)
  expect(ada.engine.encryption()).toMatchObject({ recovery: 'made' })
  await ada.device.close()
  await ben.device.close()
  const second = await stage.another(ada)
  await expect(second.engine.recoverWith('wrong')).rejects.toThrow(/not the recovery code/)
  await second.engine.recoverWith(code)
  await ready(second.engine)
  await sees(second.engine, id, ['said before'])
  await say(second, id, 'recovered')
  const again = await ben.device.reopen()
  stage.stack.use(again)
  await caughtUp(again.engine)
  await sees(again.engine, id, ['said before', 'recovered'])
})

test('S62: what was said between the backup and the recovery comes from the other members', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'before the backup')
  const code = await ada.engine.makeRecoveryCode()
  await ada.device.close()
  const later = await sealedGroup(ben, [ada], { name: 'Later' })
  await say(ben, id, 'after it')
  await say(ben, later, 'in another group')
  const second = await stage.another(ada)
  await second.engine.recoverWith(code)
  await sees(second.engine, id, ['before the backup', 'after it'])
  await sees(second.engine, later, ['in another group'])
  await isOpen(second.engine, later)
  expect(second.engine.search({ words: 'another' }).messages.length).toBe(1)
})

test('S68: a revoked device is signed out, and reads nothing that is said after', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  const second = await stage.another(ada)
  await second.engine.enterLinkCode(ada.engine.beginLink().code)
  await ready(second.engine)
  await isOpen(second.engine, id)
  const lost = second.engine.devices().find(({ current }) => current)
  if (!lost) throw new Error('It is one of them')
  await ada.engine.revokeDevice(lost.id)
  await until(second.engine, (each) => each.connection().kind === 'refused')
  await until(ben.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'device-revoked'))
  await say(ben, id, 'without it')
  await sees(ada.engine, id, ['without it'])
  expect(ada.engine.devices().map(({ revoked }) => revoked)).toEqual([false, true])
})

test('S68: who begins again has a new identity, which is shown, and is let in again by an admin', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben])
  const other = await sealedGroup(ada, [ben], { name: 'Other' })
  await say(ada, id, 'before')
  await sees(ben.engine, id, ['before'])
  const before = ada.engine.safetyNumber(ben.id)?.digits ?? ''
  ada.engine.setVerified(ben.id, before)
  await until(ada.engine, (each) => each.conversation(id)?.sealing?.verified)
  expect(ada.engine.safetyNumber(ben.id)).toEqual({
    digits: ben.engine.safetyNumber(ada.id)?.digits,
    verified: true,
  })
  const second = await stage.another(ben)
  await second.engine.beginAgain()
  await ready(second.engine)
  await until(ada.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'identity-changed'))
  expect(ada.engine.safetyNumber(ben.id)?.verified).toBe(false)
  await until(second.engine, (each) => each.conversation(id)?.sealing?.cause === 'identity-changed')
  // Somebody who was compared is let in by the number that somebody has seen, or once it was compared again.
  const letIn = (conversationId: ConversationId, more: object = {}) =>
    did(ada.engine, { kind: 'add-members', conversationId, accountIds: [ben.id], ...more })
  await expect(letIn(id)).rejects.toThrow(/identity-changed/)
  await expect(letIn(id, { digits: before })).rejects.toThrow(/identity-changed/)
  expect(second.engine.conversation(id)?.sealing?.cause).toBe('identity-changed')
  const now = ada.engine.safetyNumber(ben.id)?.digits ?? ''
  expect(now).not.toBe(before)
  await letIn(id, { digits: now })
  await isOpen(second.engine, id)
  ada.engine.setVerified(ben.id, now)
  await letIn(other)
  await isOpen(second.engine, other)
  await say(ada, id, 'welcome back')
  await until(second.engine, (each) => {
    const { items } = each.timeline({ conversationId: id, at: { kind: 'newest' } })
    const last = items.at(-1)?.content
    return last?.kind === 'plain' && last.text === 'welcome back'
  })
})
