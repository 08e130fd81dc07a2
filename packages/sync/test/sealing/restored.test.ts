import { documentedCopies } from '@parley/testkit/documented-copies'
import { httpApi, newClientMessageId, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { caughtUp, type Device, openDevice, settled, until } from '../devices.ts'
import { RawMember } from './raw.ts'
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
    /** Somebody whose program is this test, over whatever server there is. */
    async raw(
      username: string,
    ): Promise<{ readonly member: RawMember; send(text: string): Promise<unknown> }> {
      const member = await RawMember.begin(stack.use(await signUp(server, { username })))
      const clientMessageId = newClientMessageId()
      let sealed: string | null = null
      const send = async (text: string) => {
        sealed ??= member.seal(text, clientMessageId)
        const conversationId = member.chain?.conversationId
        if (!conversationId) throw new Error('It was not read yet')
        const content = { kind: 'sealed', sealed } as const
        const sending = { conversationId, clientMessageId, content }
        return httpApi(server.url, member.person.token).messages.send.mutate(sending)
      }
      return { member, send }
    },
    async backUp(): Promise<void> {
      await copies.backUp()
    },
    async stop(): Promise<void> {
      await server.close()
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

test('S69, S66: what is said by a chain of which a server put back lost the end is refused until it has that again, and then taken', async () => {
  await using stage = await restorable(['ada', 'ben'])
  const carl = await stage.raw('carl')
  const there = { ...stage.who('ada'), id: carl.member.id }
  const id = await sealedGroup(stage.who('ada'), [stage.who('ben'), there])
  await say(stage.who('ada'), id, 'one')
  for (const name of ['ada', 'ben']) await stage.who(name).device.close()
  await stage.backUp()
  let ada = await stage.reopen('ada')
  await did(ada.engine, { kind: 'set-role', conversationId: id, accountId: carl.member.id, role: 'admin' })
  await settled(ada.engine)
  await carl.member.read(id)
  await ada.device.close()
  await stage.putBack()
  await expect(carl.send('by what was lost')).rejects.toMatchObject({
    shape: { data: { refusal: { kind: 'head-moved' } } },
  })
  ada = await stage.reopen('ada')
  await say(ada, id, 'two')
  await carl.send('by what was lost')
  await sees(ada.engine, id, ['one', 'two', 'by what was lost'])
  const ben = await stage.reopen('ben')
  await sees(ben.engine, id, ['one', 'two', 'by what was lost'])
  expect(ben.engine.sealedNotices(id).map(({ kind }) => kind)).not.toContain('lied')
})

test('S69, S66: what was written before a server was put back is sealed by the chain that it gets back, and arrives', async () => {
  await using stage = await restorable(['ada', 'ben'])
  const id = await sealedGroup(stage.who('ada'), [stage.who('ben')])
  await say(stage.who('ada'), id, 'one')
  for (const name of ['ada', 'ben']) await stage.who(name).device.close()
  await stage.backUp()
  let ada = await stage.reopen('ada')
  await did(ada.engine, { kind: 'set-history', conversationId: id, history: 'joining' })
  await settled(ada.engine)
  await stage.stop()
  ada.engine.act({ kind: 'send', conversationId: id, content: { kind: 'plain', text: 'kept' } })
  await ada.device.close()
  await stage.putBack()
  ada = await stage.reopen('ada')
  await sees(ada.engine, id, ['one', 'kept'])
  const ben = await stage.reopen('ben')
  await sees(ben.engine, id, ['one', 'kept'])
  await settled(ada.engine)
  expect(ada.engine.outbox()).toEqual([])
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
