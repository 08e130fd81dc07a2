import { makeAccount } from '@parley/chat/accounts/operator'
import type { RefusalKind } from '@parley/domain/refusal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, say } from './saying.ts'
import { groupOf, refusal, refusalIn, type Someone, Stage } from './stage.ts'

// One table of what everybody may do in a group, a closed one and a direct conversation: each permission stands
// beside its negative twins. What is allowed may still be refused for another reason, as long as it is not for who asks.

const stage = await Stage.open()
afterAll(() => stage.close())

interface Scene {
  readonly conversationId: string
  /** A message of the founder's, or of the other one in a direct conversation. */
  readonly messageId: number
  /** A member below everybody. */
  readonly member: Someone
  /** In no conversation. */
  readonly stranger: Someone
}

const content = { kind: 'plain' as const, text: 'hello' }
/** What an action can be refused for that is permitted. */
const permitted: readonly (RefusalKind | 'done')[] = [
  'done',
  'already-decided',
  'not-found',
  'founder-must-stay',
]

const actions = {
  get: ({ api }: Someone, { conversationId }: Scene) => api.conversations.get.query({ conversationId }),
  members: ({ api }: Someone, { conversationId }: Scene) =>
    api.conversations.members.query({ conversationId }),
  page: ({ api }: Someone, { conversationId }: Scene) => api.messages.page.query({ conversationId }),
  'get message': ({ api }: Someone, { conversationId, messageId }: Scene) =>
    api.messages.get.query({ conversationId, messageId }),
  'at time': ({ api }: Someone, { conversationId }: Scene) =>
    api.messages.atTime.query({ conversationId, at: 0 }),
  'search in it': ({ api }: Someone, { conversationId }: Scene) =>
    api.messages.search.query({ conversationId, words: 'hello' }),
  'mark read': ({ api }: Someone, { conversationId, messageId }: Scene) =>
    api.messages.markRead.mutate({ conversationId, messageId }),
  typing: ({ api }: Someone, { conversationId }: Scene) => api.messages.typing.mutate({ conversationId }),
  send: ({ api }: Someone, { conversationId }: Scene) =>
    api.messages.send.mutate({ conversationId, clientMessageId: newId(), content }),
  react: ({ api }: Someone, { conversationId, messageId }: Scene) =>
    api.messages.react.mutate({ conversationId, messageId, emoji: '👍', on: true }),
  'edit of another': ({ api }: Someone, { conversationId, messageId }: Scene) =>
    api.messages.edit.mutate({ conversationId, messageId, content }),
  rename: ({ api }: Someone, { conversationId }: Scene) =>
    api.conversations.rename.mutate({ conversationId, name: 'Renamed' }),
  describe: ({ api }: Someone, { conversationId }: Scene) =>
    api.conversations.describe.mutate({ conversationId, description: 'Described' }),
  'set join policy': ({ api }: Someone, { conversationId }: Scene) =>
    api.conversations.setJoinPolicy.mutate({ conversationId, joinPolicy: 'approval' }),
  'list join requests': ({ api }: Someone, { conversationId }: Scene) =>
    api.joinRequests.list.query({ conversationId }),
  'approve a request': ({ api }: Someone, { conversationId, stranger }: Scene) =>
    api.joinRequests.approve.mutate({ conversationId, accountId: stranger.id }),
  'decline a request': ({ api }: Someone, { conversationId, stranger }: Scene) =>
    api.joinRequests.decline.mutate({ conversationId, accountId: stranger.id }),
  'add members': ({ api }: Someone, { conversationId, member }: Scene) =>
    api.conversations.addMembers.mutate({ conversationId, accountIds: [member.id] }),
  'set a role': ({ api }: Someone, { conversationId, member }: Scene) =>
    api.conversations.setRole.mutate({ conversationId, accountId: member.id, role: 'member' }),
  'hand over to a stranger': ({ api }: Someone, { conversationId, stranger }: Scene) =>
    api.conversations.handOver.mutate({ conversationId, accountId: stranger.id }),
  'remove a stranger': ({ api }: Someone, { conversationId, stranger }: Scene) =>
    api.conversations.removeMember.mutate({ conversationId, accountId: stranger.id }),
} as const

type ActionName = keyof typeof actions
const names = Object.keys(actions).filter((name): name is ActionName => Object.hasOwn(actions, name))

const reading: readonly ActionName[] = ['get', 'members', 'page', 'get message', 'at time', 'search in it']
const any: readonly ActionName[] = [...reading, 'mark read', 'typing', 'send', 'react']
const ofAdmins: readonly ActionName[] = [
  ...any,
  'rename',
  'describe',
  'set join policy',
  'list join requests',
  'approve a request',
  'decline a request',
  'add members',
  'remove a stranger',
]
const ofFounders: readonly ActionName[] = [...ofAdmins, 'set a role', 'hand over to a stranger']

/** What becomes of an action: done, or how it is refused. */
async function outcome(name: ActionName, actor: Someone, scene: Scene): Promise<RefusalKind | 'done'> {
  return actions[name](actor, scene).then(
    () => 'done' as const,
    (error: unknown) => refusalIn(error).kind,
  )
}

async function expectAllowed(actor: Someone, scene: Scene, allowed: readonly ActionName[], no: RefusalKind) {
  const wrong: Record<string, string> = {}
  for (const name of names) {
    const became = await outcome(name, actor, scene)
    const right = allowed.includes(name) ? permitted.includes(became) : became === no
    if (!right) wrong[name] = became
  }
  expect(wrong).toEqual({})
}

describe('P6: what one may do in a group', () => {
  let scene: Scene
  let founder: Someone
  let admin: Someone
  let removed: Someone

  beforeAll(async () => {
    const [one, two, member, four, stranger] = await stage.people(5)
    founder = one
    admin = two
    removed = four
    const conversationId = await groupOf(founder, [admin, member, removed])
    const { messageId } = await say(founder, conversationId, 'hello')
    await founder.api.conversations.setRole.mutate({ conversationId, accountId: admin.id, role: 'admin' })
    await founder.api.conversations.removeMember.mutate({ conversationId, accountId: removed.id })
    scene = { conversationId, messageId, member, stranger }
  })

  test('a founder: all, but edit what others said', async () => {
    const { messageId } = await say(scene.member, scene.conversationId, 'hello')
    await expectAllowed(founder, { ...scene, messageId }, ofFounders, 'not-allowed')
  })

  test('an admin: all but roles and handing over', () => expectAllowed(admin, scene, ofAdmins, 'not-allowed'))

  test('a member: read, write and react', () => expectAllowed(scene.member, scene, any, 'not-allowed'))

  test('somebody who was removed: nothing', () => expectAllowed(removed, scene, [], 'not-a-member'))

  test('a stranger: nothing, and learns nothing of it', () =>
    expectAllowed(scene.stranger, scene, [], 'not-a-member'))

  test('the operator of the server: no more than a stranger', async () => {
    const password = 'correct horse battery staple'
    const input = { username: 'the-operator', password, name: '', lastName: '', operator: true }
    await makeAccount(stage.server.chat, input)
    const account = await stage.person()
    const operator = await stage.device({ ...account, username: input.username, password })
    expect((await operator.api.account.me.query()).operator).toBe(true)
    await expectAllowed(operator, scene, [], 'not-a-member')
  })

  test('a member who is a bot: as any other', async () => {
    const { account, token } = await founder.api.bots.make.mutate({ username: 'bot-in-a-group' })
    const { conversationId } = scene
    await founder.api.conversations.addMembers.mutate({ conversationId, accountIds: [account.id] })
    await expectAllowed({ ...scene.member, ...stage.socket(token) }, scene, any, 'not-allowed')
  })

  test('roles remove those below them, and nobody else', async () => {
    const [one, two, three, four] = await stage.people(4)
    const conversationId = await groupOf(one, [two, three, four])
    for (const { id } of [two, three]) {
      await one.api.conversations.setRole.mutate({ conversationId, accountId: id, role: 'admin' })
    }
    const remove = (by: Someone, who: Someone) =>
      by.api.conversations.removeMember.mutate({ conversationId, accountId: who.id })
    for (const [by, who] of [
      [two, three],
      [two, one],
      [two, two],
      [one, one],
      [four, four],
      [four, one],
    ] as const) {
      expect(await refusal(remove(by, who))).toEqual({ kind: 'not-allowed' })
    }
    await remove(two, four)
    await remove(one, three)
    const { members } = await one.api.conversations.members.query({ conversationId })
    expect(members.map(({ accountId }) => accountId).toSorted()).toEqual([one.id, two.id].toSorted())
  })

  test('what others said is deleted by the founder and admins, and by no member', async () => {
    const { conversationId, member } = scene
    const remove = (by: Someone, messageId: number) =>
      by.api.messages.delete.mutate({ conversationId, messageId })
    for (const by of [founder, admin]) {
      await remove(by, (await say(member, conversationId, 'delete this')).messageId)
    }
    const { messageId } = await say(founder, conversationId, 'keep this')
    expect(await refusal(remove(member, messageId))).toEqual({ kind: 'not-allowed' })
    expect(await refusal(remove(scene.stranger, messageId))).toMatchObject({ kind: 'not-a-member' })
    await remove(member, (await say(member, conversationId, 'my own')).messageId)
  })
})

describe('P6: what one may do in a closed group', () => {
  test('its members read; nothing in it changes, whoever asks', async () => {
    const [founder, admin, member, stranger] = await stage.people(4)
    const conversationId = await groupOf(founder, [admin, member])
    const { messageId } = await say(founder, conversationId, 'hello')
    await founder.api.conversations.setRole.mutate({ conversationId, accountId: admin.id, role: 'admin' })
    await founder.api.conversations.close.mutate({ conversationId })
    const scene = { conversationId, messageId, member, stranger }
    const stays: readonly ActionName[] = [...reading, 'mark read', 'typing']
    await expectAllowed(founder, scene, stays, 'conversation-closed')
    const ofAdmin: Partial<Record<ActionName, RefusalKind | 'done'>> = {}
    for (const name of names) ofAdmin[name] = await outcome(name, admin, scene)
    expect(ofAdmin).toMatchObject({
      send: 'conversation-closed',
      rename: 'conversation-closed',
      'set a role': 'not-allowed',
    })
    await expectAllowed(stranger, scene, [], 'not-a-member')
    const remove = founder.api.messages.delete.mutate({ conversationId, messageId })
    expect(await refusal(remove)).toEqual({ kind: 'conversation-closed' })
  })
})

describe('P6: what one may do in a direct conversation', () => {
  test('both read and write, and nobody runs it', async () => {
    const [ada, ben, stranger] = await stage.people(3)
    const { id: conversationId } = await ada.api.conversations.openDirect.mutate({ accountId: ben.id })
    const { messageId } = await say(ada, conversationId, 'hello')
    const scene = { conversationId, messageId, member: ada, stranger }
    await expectAllowed(ben, scene, any, 'not-allowed')
    await expectAllowed(stranger, scene, [], 'not-a-member')
    const { api } = ben
    for (const refused of [
      api.conversations.leave.mutate({ conversationId }),
      api.conversations.close.mutate({ conversationId }),
      api.conversations.removeMember.mutate({ conversationId, accountId: ada.id }),
      api.conversations.handOver.mutate({ conversationId, accountId: ada.id }),
      api.messages.delete.mutate({ conversationId, messageId }),
    ]) {
      expect(await refusal(refused)).toEqual({ kind: 'not-allowed' })
    }
    const notAGroup = { kind: 'not-found', field: 'conversationId' }
    expect(await refusal(stranger.api.conversations.join.mutate({ conversationId }))).toEqual(notAGroup)
    expect(await refusal(stranger.api.joinRequests.ask.mutate({ conversationId }))).toEqual(notAGroup)
  })
})
