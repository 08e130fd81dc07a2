import { expect, test } from 'vitest'
import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { caughtUp, openDevice, settled, until } from './devices.ts'

/** Two people, each with a device. */
async function stage() {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await startServer())
  const ada = stack.use(await signUp(server))
  const bob = stack.use(await signUp(server))
  const atAda = stack.use(openDevice(server, ada)).engine
  const atBob = stack.use(openDevice(server, bob)).engine
  await Promise.all([caughtUp(atAda), caughtUp(atBob)])
  return { server, ada, bob, atAda, atBob, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

test('somebody asks to be let in, is let in by another device, and answers count as given at once', async () => {
  await using on = await stage()
  const made = on.atAda.act({
    kind: 'make-group',
    name: 'Ask first',
    description: '',
    joinPolicy: 'approval',
    listed: true,
    members: [],
  })
  expect(made.makes).toMatch(/^local-/)
  await settled(on.atAda)
  const [view] = on.atAda.conversations()
  const conversationId = view?.id
  if (conversationId === undefined || !conversationId.startsWith('c')) throw new Error('It has no id')
  const { groups } = await on.bob.http.conversations.listed.query({})
  const [group] = groups
  if (!group) throw new Error('It is not listed')
  on.atBob.act({ kind: 'ask-to-join', conversationId: group.id })
  await until(on.atBob, (each) => each.requests().mine[0]?.state === 'waiting')
  const [request] = await until(
    on.atAda,
    (each) => each.requests().toDecide.length === 1 && each.requests().toDecide,
  )
  expect(request?.accountId).toBe(on.bob.account.id)
  on.atAda.act({ kind: 'approve-join', conversationId: group.id, accountId: on.bob.account.id })
  expect(on.atAda.requests().toDecide).toEqual([])
  await until(on.atBob, (each) => each.conversations().length === 1)
  await settled(on.atAda)
  expect(on.atAda.requests().toDecide).toEqual([])
  expect(on.atBob.requests().mine[0]?.state).toBe('approved')

  await on.atAda.loadMembers(group.id)
  expect(on.atAda.members(group.id)).toMatchObject({ complete: true })
  on.atAda.act({ kind: 'set-role', conversationId: group.id, accountId: on.bob.account.id, role: 'admin' })
  const role = () =>
    on.atAda.members(group.id).members.find(({ accountId }) => accountId === on.bob.account.id)?.role
  expect(role()).toBe('admin')
  await until(on.atBob, (each) => each.conversation(group.id)?.role === 'admin')
  on.atAda.act({ kind: 'hand-over', conversationId: group.id, accountId: on.bob.account.id })
  on.atAda.act({ kind: 'leave', conversationId: group.id })
  expect(on.atAda.conversations()).toEqual([])
  await settled(on.atAda)
  expect(on.atAda.conversations()).toEqual([])
  await until(on.atBob, (each) => each.conversation(group.id)?.memberCount === 1)
  expect(on.atBob.conversation(group.id)?.role).toBe('founder')
  on.atBob.act({ kind: 'close', conversationId: group.id })
  await settled(on.atBob)
  expect(on.atBob.conversation(group.id)?.conversation.closedAt).not.toBeNull()
})

test('an invitation is answered, and the direct conversation that is opened twice is one', async () => {
  await using on = await stage()
  on.atAda.act({ kind: 'invite', accountId: on.bob.account.id })
  await until(on.atBob, (each) => each.requests().invitations[0]?.state === 'waiting')
  on.atBob.act({ kind: 'accept-invitation', fromId: on.ada.account.id })
  const [direct] = await until(on.atBob, (each) => each.conversations().length === 1 && each.conversations())
  expect(direct).toMatchObject({ otherId: on.ada.account.id, conversation: { kind: 'direct' } })
  await until(on.atAda, (each) => each.conversations().length === 1)
  const again = on.atAda.act({ kind: 'open-direct', accountId: on.bob.account.id })
  expect(again.makes).toBe(direct?.id)
  await settled(on.atAda)
  expect(on.atAda.conversations()).toHaveLength(1)
})

test('profile, presence and typing come to others, and a wrong password is a refusal that can be taken back', async () => {
  await using on = await stage()
  const id = await makeGroup(on.ada, [on.bob])
  on.atAda.act({ kind: 'update-profile', profile: { displayName: 'Ada L.' } })
  await until(on.atBob, (each) => each.person(on.ada.account.id)?.displayName === 'Ada L.')
  await until(on.atBob, (each) => each.person(on.ada.account.id)?.online === true)
  await until(on.atAda, (each) => each.conversation(id))
  on.atAda.sayTyping(id)
  await until(on.atBob, (each) => each.typing(id)[0] === on.ada.account.id)
  on.atAda.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'said' } })
  await until(on.atBob, (each) => each.typing(id).length === 0)

  const secret = await on.ada.http.conversations.makeGroup.mutate({
    name: 'Secret',
    joinPolicy: 'password',
    password: 'open sesame',
  })
  const join = on.atBob.act({ kind: 'join', conversationId: secret.id, password: 'wrong' })
  const refused = await until(on.atBob, (each) =>
    each.requests().pending.find(({ state }) => state === 'refused'),
  )
  expect(refused).toMatchObject({
    id: join.id,
    problem: { kind: 'wrong-conversation-password', field: 'password' },
  })
  expect(on.atBob.undo(join.id)).toBe(true)
  on.atBob.act({ kind: 'join', conversationId: secret.id, password: 'open sesame' })
  await until(on.atBob, (each) => each.conversation(secret.id))
})
