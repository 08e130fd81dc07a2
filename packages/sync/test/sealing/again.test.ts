import type { ConversationId } from '@parley/domain/ids'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import {
  did,
  idOf,
  isOpen,
  named,
  ready,
  say,
  sealedGroup,
  sealedStage,
  sees,
  shown,
  type Somebody,
} from './people.ts'

type Stage = Awaited<ReturnType<typeof sealedStage>>

/** Every device and the recovery code are lost: somebody begins again on a new device. */
async function beginAgain(stage: Stage, who: Somebody): Promise<Somebody> {
  const second = await stage.another(who)
  await who.device.close()
  await second.engine.beginAgain()
  await ready(second.engine)
  return second
}

const waitsFor = (engine: Somebody['engine'], id: ConversationId, cause: string) =>
  until(engine, (each) => each.conversation(id)?.sealing?.cause === cause)

const seesNewKeys = ({ engine }: Somebody, id: ConversationId, who: Somebody) =>
  until(engine, (each) =>
    each
      .sealedNotices(id)
      .some((notice) => notice.kind === 'identity-changed' && notice.accountId === who.id),
  )

test('S77: in a direct conversation the other is shown the new keys, takes them, and gives what was said before', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  await did(ada.engine, { kind: 'open-direct', accountId: ben.id, sealed: true })
  const conversationId = idOf(
    await until(ben.engine, (each) => each.conversations().find(({ otherId }) => otherId === ada.id)),
  )
  await say(ben, conversationId, 'before')
  await sees(ada.engine, conversationId, ['before'])
  const second = await beginAgain(stage, ben)
  await seesNewKeys(ada, conversationId, ben)
  await waitsFor(second.engine, conversationId, 'identity-changed')
  await second.engine.fill(conversationId, { kind: 'newest' })
  await sees(second.engine, conversationId, ['closed: not-entitled'])
  // Nothing goes to keys that nobody has taken.
  const early = second.engine.act({
    kind: 'send',
    conversationId,
    content: { kind: 'plain', text: 'it is me' },
  })
  const refused = await until(second.engine, (each) =>
    each.outbox().find(({ id, state }) => id === early.id && state === 'refused'),
  )
  expect(refused.problem).toMatchObject({
    kind: 'chain-refused',
    message: expect.stringMatching(/^identity-changed: /),
  })
  await did(ada.engine, { kind: 'add-members', conversationId, accountIds: [ben.id] })
  await isOpen(second.engine, conversationId)
  // Said once more, it goes.
  second.engine.retry(early.id)
  for (const { engine } of [second, ada]) await sees(engine, conversationId, ['before', 'it is me'])
})

test('S77: in a group members are taken again by admins, admins by the founder, the founder by an admin', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [founder, admin, member] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  const id = await sealedGroup(founder, [admin, member], { history: 'joining' })
  await did(founder.engine, { kind: 'set-role', conversationId: id, accountId: admin.id, role: 'admin' })
  await until(admin.engine, (each) => each.conversation(id)?.role === 'admin')
  await say(founder, id, 'before')
  for (const { engine } of [admin, member]) await sees(engine, id, ['before'])
  const takes = (by: Somebody, who: Somebody) =>
    did(by.engine, { kind: 'add-members', conversationId: id, accountIds: [who.id] })

  const member2 = await beginAgain(stage, member)
  for (const each of [founder, admin]) await seesNewKeys(each, id, member)
  await waitsFor(member2.engine, id, 'identity-changed')
  await takes(admin, member)
  await isOpen(member2.engine, id)
  await member2.engine.fill(id, { kind: 'newest' })
  await sees(member2.engine, id, ['closed: not-entitled'])
  await say(member2, id, 'member')

  const admin2 = await beginAgain(stage, admin)
  for (const each of [founder, member2]) await seesNewKeys(each, id, admin)
  await expect(takes(member2, admin)).rejects.toThrow(/not-permitted|not-allowed/)
  await takes(founder, admin)
  await isOpen(admin2.engine, id)
  await say(admin2, id, 'admin')

  const founder2 = await beginAgain(stage, founder)
  for (const each of [admin2, member2]) await seesNewKeys(each, id, founder)
  await waitsFor(founder2.engine, id, 'identity-changed')
  await takes(admin2, founder)
  await isOpen(founder2.engine, id)
  await say(founder2, id, 'founder')
  for (const { engine } of [admin2, member2, founder2])
    await until(engine, (each) => shown(each, id).at(-1) === 'founder')
  expect(founder2.engine.conversation(id)?.role).toBe('founder')
  expect(admin2.engine.conversation(id)?.role).toBe('admin')
})

test('S77: where anybody may come in, a member who began again comes in by itself, and the new keys are shown', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const id = await sealedGroup(ada, [ben], { joinPolicy: 'open' })
  await say(ada, id, 'before')
  await sees(ben.engine, id, ['before'])
  const second = await beginAgain(stage, ben)
  await isOpen(second.engine, id)
  await second.engine.fill(id, { kind: 'newest' })
  await sees(second.engine, id, ['before'])
  await seesNewKeys(ada, id, ben)
  await say(second, id, 'here I am')
  await sees(ada.engine, id, ['before', 'here I am'])
  expect(ada.engine.conversation(id)?.memberCount).toBe(2)
})

test('S77: a founder without admins who began again sees why nothing comes, and the others talk on', async () => {
  await using stage = await sealedStage(['ada', 'ben', 'eve'])
  const [ada, ben, eve] = [named(stage.people, 0), named(stage.people, 1), named(stage.people, 2)]
  const id = await sealedGroup(ada, [ben, eve], { joinPolicy: 'open' })
  await say(ada, id, 'before')
  await sees(ben.engine, id, ['before'])
  const second = await beginAgain(stage, ada)
  await seesNewKeys(ben, id, ada)
  await say(ben, id, 'without her')
  await sees(eve.engine, id, ['before', 'without her'])
  await waitsFor(second.engine, id, 'identity-changed')
  await second.engine.fill(id, { kind: 'newest' })
  await sees(second.engine, id, ['closed: not-entitled', 'closed: not-entitled'])
  expect(second.engine.conversation(id)).toMatchObject({
    role: 'founder',
    sealing: { state: 'waiting', cause: 'identity-changed' },
  })
})
