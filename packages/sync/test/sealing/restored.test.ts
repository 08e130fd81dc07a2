import { documentedCopies } from '@parley/testkit/documented-copies'
import { signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { caughtUp, type Device, openDevice, settled, until } from '../devices.ts'
import { did, isOpen, ready, say, sealedGroup, sees, type Somebody } from './people.ts'

/** People of a server that is backed up while it runs, and put back, as its operator is told to do it. */
async function restorable(names: readonly string[]) {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder('parley-restored'))
  const copies = documentedCopies(folder.path)
  const { data } = copies
  let server = await startServer({ settings: { data } })
  stack.defer(() => server.close())
  const people = new Map<string, Somebody>()
  for (const username of names) {
    const person = stack.use(await signUp(server, { username }))
    const device = openDevice(server, person)
    await ready(device.engine)
    people.set(username, { person, device, engine: device.engine, id: person.account.id })
  }
  const open = new Set<Device>()
  stack.defer(async () => {
    for (const device of open) await device.close()
  })
  return {
    who: (name: string): Somebody => {
      const found = people.get(name)
      if (!found) throw new Error(`There is no ${name}`)
      return found
    },
    /** Opens somebody's device again, on the server as it is now. */
    async reopen(name: string): Promise<Somebody> {
      const before = people.get(name)
      if (!before) throw new Error(`There is no ${name}`)
      const device = await before.device.reopen(server.url)
      open.add(device)
      const now = { ...before, device, engine: device.engine }
      people.set(name, now)
      await caughtUp(now.engine)
      return now
    },
    async backUp(): Promise<void> {
      await copies.backUp()
    },
    async putBack(): Promise<void> {
      await server.close()
      await copies.putBack()
      server = await startServer({ settings: { data } })
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

test('S69: a server that was put back to an older state gets back what it lost of chain and lists', async () => {
  await using stage = await restorable(['ada', 'ben', 'eve'])
  const id = await sealedGroup(stage.who('ada'), [stage.who('ben')])
  await say(stage.who('ada'), id, 'one')
  for (const name of ['ada', 'ben', 'eve']) await stage.who(name).device.close()
  await stage.backUp()
  let ada = await stage.reopen('ada')
  const eve = stage.who('eve')
  await did(ada.engine, { kind: 'add-members', conversationId: id, accountIds: [eve.id] })
  await say(ada, id, 'two')
  await settled(ada.engine)
  await ada.device.close()
  await stage.putBack()

  ada = await stage.reopen('ada')
  await isOpen(ada.engine, id)
  await until(ada.engine, (each) => each.conversation(id)?.memberCount === 3)
  await say(ada, id, 'three')
  const there = await stage.reopen('eve')
  await sees(there.engine, id, ['one', 'three'])
  await say(there, id, 'four')
  const ben = await stage.reopen('ben')
  await sees(ben.engine, id, ['one', 'three', 'four'])
  expect(ada.engine.sealedNotices(id).map(({ kind }) => kind)).toEqual(['sealed'])
})

test('S69: of a chain that went on otherwise on a server put back the branch is taken, shown, and who was removed is removed again', async () => {
  await using stage = await restorable(['ada', 'ben', 'eve', 'dan'])
  const [ben, eve, dan] = [stage.who('ben'), stage.who('eve'), stage.who('dan')]
  const id = await sealedGroup(stage.who('ada'), [ben, eve])
  await did(stage.who('ada').engine, {
    kind: 'set-role',
    conversationId: id,
    accountId: ben.id,
    role: 'admin',
  })
  await until(ben.engine, (each) => each.conversation(id)?.role === 'admin')
  await isOpen(ben.engine, id)
  for (const name of ['ada', 'ben', 'eve', 'dan']) await stage.who(name).device.close()
  await stage.backUp()
  let ada = await stage.reopen('ada')
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: eve.id })
  await say(ada, id, 'without eve')
  await settled(ada.engine)
  await ada.device.close()
  await stage.putBack()
  const again = await stage.reopen('ben')
  await did(again.engine, { kind: 'add-members', conversationId: id, accountIds: [dan.id] })
  await say(again, id, 'with dan')
  await settled(again.engine)
  await again.device.close()

  ada = await stage.reopen('ada')
  await sees(ada.engine, id, ['with dan'])
  await until(ada.engine, (each) => each.conversation(id)?.memberCount === 3)
  expect(ada.engine.sealedNotices(id)).toContainEqual(
    expect.objectContaining({ kind: 'lied', cause: 'chain-broken' }),
  )
  await say(ada, id, 'without eve, again')
  const there = await stage.reopen('dan')
  await sees(there.engine, id, ['with dan', 'without eve, again'])
})

test('S69: nothing is said to who was removed and is back by such a branch, before an admin removed them again', async () => {
  await using stage = await restorable(['ada', 'ben', 'eve', 'dan'])
  const [ben, eve, dan] = [stage.who('ben'), stage.who('eve'), stage.who('dan')]
  const id = await sealedGroup(stage.who('ada'), [ben, eve])
  const role = { kind: 'set-role', conversationId: id, accountId: eve.id, role: 'admin' }
  await did(stage.who('ada').engine, role)
  await until(eve.engine, (each) => each.conversation(id)?.role === 'admin')
  for (const name of ['ada', 'ben', 'eve', 'dan']) await stage.who(name).device.close()
  await stage.backUp()
  let [ada, there] = [await stage.reopen('ada'), await stage.reopen('ben')]
  await did(ada.engine, { kind: 'remove-member', conversationId: id, accountId: eve.id })
  await say(ada, id, 'without eve')
  await sees(there.engine, id, ['without eve'])
  for (const { device } of [ada, there]) await device.close()
  await stage.putBack()
  const again = await stage.reopen('eve')
  await did(again.engine, { kind: 'add-members', conversationId: id, accountIds: [dan.id] })
  await say(again, id, 'with eve')

  there = await stage.reopen('ben')
  await sees(there.engine, id, ['with eve'])
  await expect(say(there, id, 'not for eve')).rejects.toThrow(/chain-broken/)
  ada = await stage.reopen('ada')
  await until(again.engine, (each) => each.conversation(id) === null)
  await until(there.engine, (each) => each.conversation(id)?.memberCount === 3)
  const [failed] = there.engine.outbox()
  if (!failed) throw new Error('It waits')
  there.engine.retry(failed.id)
  await sees(ada.engine, id, ['with eve', 'not for eve'])
  expect(again.engine.search({ words: 'not' }).messages).toEqual([])
})
