import type { ConversationId } from '@parley/domain/ids'
import type { Followed, ServerPort } from '@parley/sync/ports'
import { documentedCopies } from '@parley/testkit/documented-copies'
import { httpApi, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { caughtUp, type Device, openDevice, until } from '../devices.ts'
import { did, isOpen, named, ready, say, sealedGroup, sealedStage, sees, type Somebody } from './people.ts'

/** People of a server that is put back to what it was, and devices of theirs which come and go. */
async function restorable() {
  const stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder('parley-two-branches'))
  const copies = documentedCopies(folder.path)
  const settings = { data: copies.data }
  let server = await startServer({ settings })
  stack.defer(() => server.close())
  const person = async (username: string): Promise<Somebody> => {
    const signedUp = stack.use(await signUp(server, { username }))
    const device = stack.use(openDevice(server, signedUp))
    await ready(device.engine)
    return { person: signedUp, device, engine: device.engine, id: signedUp.account.id }
  }
  return {
    person,
    url: () => server.url,
    backUp: () => copies.backUp(),
    /** A session for another device, which the backup has if it is made after. */
    session: async ({ person: { username, password } }: Somebody) =>
      httpApi(server.url).account.signIn.mutate({ username, password }),
    async another(who: Somebody, token: string): Promise<Somebody> {
      const device = stack.use(openDevice(server, { token }))
      await until(device.engine, (each) => each.encryption().kind === 'not-linked')
      await caughtUp(device.engine)
      return { ...who, device, engine: device.engine }
    },
    async putBack(): Promise<void> {
      await server.close()
      await copies.putBack()
      server = await startServer({ settings })
    },
    async reopen(who: Somebody): Promise<Somebody> {
      const device: Device = await who.device.reopen(server.url)
      stack.use(device)
      await caughtUp(device.engine)
      return { ...who, device, engine: device.engine }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}

const isTold = ({ engine }: Somebody, id: ConversationId) =>
  until(engine, (each) =>
    each.sealedNotices(id).some((notice) => notice.kind === 'lied' && notice.cause === 'list-broken'),
  )

/** Ada takes in a second device, which is lost with the newer state of the server, and a third comes in on the older one. */
async function forked({ revoking = false, changing = false } = {}) {
  const stage = await restorable()
  const [ada, ben, eve] = [await stage.person('ada'), await stage.person('ben'), await stage.person('eve')]
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'one')
  const code = await ada.engine.makeRecoveryCode()
  const [forSecond, forThird] = [await stage.session(ada), await stage.session(ada)]
  await stage.backUp()
  const second = await stage.another(ada, forSecond.token)
  await second.engine.enterLinkCode(ada.engine.beginLink().code)
  await ready(second.engine)
  await isOpen(second.engine, id)
  if (changing) await did(second.engine, { kind: 'add-members', conversationId: id, accountIds: [eve.id] })
  await say(second, id, 'lost')
  for (const each of [ada, ben]) await sees(each.engine, id, ['one', 'lost'])
  const secondId = second.engine.devices().find(({ current }) => current)?.id
  if (!secondId) throw new Error('It is one of them')
  if (revoking) {
    await ada.engine.revokeDevice(secondId)
    await until(ben.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'device-revoked'))
  }
  for (const { device } of [ada, ben, eve, second]) await device.close()
  await stage.putBack()
  const third = await stage.another(ada, forThird.token)
  await third.engine.recoverWith(code)
  await ready(third.engine)
  await isOpen(third.engine, id)
  if (changing) await did(third.engine, { kind: 'add-members', conversationId: id, accountIds: [eve.id] })
  await say(third, id, 'two')
  return {
    stage,
    ada,
    ben,
    eve,
    id,
    code,
    second,
    third,
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  }
}

for (const changing of [false, true])
  test(`S69: a device list that went on otherwise on a server put back is taken and shown, and who is not in it comes in again${changing ? ', also where the chain names both' : ''}`, async () => {
    await using on = await forked({ changing })
    const { id, stage, third } = on
    const ben = await stage.reopen(on.ben)
    await isTold(ben, id)
    await sees(ben.engine, id, ['one', 'two'])
    const ada = await stage.reopen(on.ada)
    await isTold(ada, id)
    await isOpen(ada.engine, id)
    await say(ada, id, 'three')
    const second = await stage.reopen(on.second)
    await until(second.engine, (each) => each.encryption().kind === 'not-linked')
    await expect(say(second, id, 'too early')).rejects.toThrow(/device-unknown/)
    await isTold(second, id)
    if (changing) await second.engine.enterLinkCode(third.engine.beginLink().code)
    else await second.engine.recoverWith(on.code)
    await ready(second.engine)
    await isOpen(second.engine, id)
    const waits = second.engine.outbox().find(({ state }) => state === 'refused')
    if (!waits) throw new Error('It waits')
    second.engine.retry(waits.id)
    for (const { engine } of [ben, ada, second, third]) {
      await sees(engine, id, ['one', 'two', 'three', 'too early'])
      expect(engine.conversation(id)?.sealing?.state).toBe('open')
    }
    expect(ada.engine.devices().map(({ revoked }) => revoked)).toEqual([false, false, false])
  })

test('S69: a branch that leaves out that a device was put out is not taken; beginning again is the way on', async () => {
  await using on = await forked({ revoking: true })
  const { id, stage } = on
  const ben = await stage.reopen(on.ben)
  await isTold(ben, id)
  const ada = await stage.reopen(on.ada)
  await isTold(ada, id)
  await expect(ada.engine.recoverWith(on.code)).rejects.toThrow(/Another device list/)
  expect(ada.engine.devices().map(({ revoked }) => revoked)).toEqual([false, true])
  await ada.engine.beginAgain()
  await ready(ada.engine)
  await until(ben.engine, (each) => each.sealedNotices(id).some(({ kind }) => kind === 'identity-changed'))
  expect(ada.engine.devices().length).toBe(1)
})

/** A server that keeps keys from a device, and on which its backups wait to be written. */
class Narrow {
  /** The conversations of which it gives keys; of all where it is null. */
  gives: Set<ConversationId> | null = null
  #gate: { readonly reached: () => void; readonly opened: Promise<void> } | null = null

  /** The next writing waits. @returns when it does, and what lets it go on */
  stop(): { readonly reached: Promise<void>; readonly open: () => void } {
    const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    this.#gate = { reached: reached.resolve, opened: opened.promise }
    return { reached: reached.promise, open: opened.resolve }
  }

  readonly around = (server: ServerPort): ServerPort => {
    const { sealed } = server
    if (!sealed) throw new Error('It knows of no devices')
    const isGiven = (id: ConversationId) => this.gives?.has(id) !== false
    return {
      ...server,
      get state() {
        return server.state
      },
      follow: (options) => withoutGrants(server.follow(options), isGiven),
      sealed: {
        ...sealed,
        grants: async (id, after) => {
          const page = await sealed.grants(id, after)
          return { ...page, grants: page.grants.filter(({ conversationId }) => isGiven(conversationId)) }
        },
        putBackup: async (part) => {
          this.#gate?.reached()
          await this.#gate?.opened
          await sealed.putBackup(part)
        },
      },
    }
  }
}

async function* withoutGrants(events: AsyncIterable<Followed>, isGiven: (id: ConversationId) => boolean) {
  for await (const event of events) {
    if (event.kind !== 'entries') yield event
    else {
      const entries = event.entries.filter(
        (entry) => entry.kind !== 'grants' || isGiven(entry.conversationId),
      )
      yield { ...event, entries }
    }
  }
}

test('S62: of two devices that back up other keys at once the slower takes over what the faster wrote, and writes again', async () => {
  await using stage = await sealedStage(['ben'])
  const ben = named(stage.people, 0)
  const [narrow, other] = [new Narrow(), new Narrow()]
  const first = await stage.open(await stage.person('ada'), { around: narrow.around })
  const code = await first.engine.makeRecoveryCode()
  const second = await stage.another(first, { around: other.around })
  await second.engine.enterLinkCode(first.engine.beginLink().code)
  await ready(second.engine)
  narrow.gives = new Set()
  other.gives = new Set()
  const [one, two] = [await sealedGroup(ben, [first]), await sealedGroup(ben, [first])]
  narrow.gives.add(one)
  other.gives.add(two)
  const stops = [narrow.stop(), other.stop()]
  await say(ben, one, 'in the first')
  await say(ben, two, 'in the second')
  await sees(first.engine, one, ['in the first'])
  await sees(second.engine, two, ['in the second'])
  await Promise.all(stops.map(({ reached }) => reached))
  for (const { open } of stops) open()
  const parts = async () => (await first.person.api.backup.parts.query()).map(({ part }) => part).toSorted()
  await expect.poll(parts, { timeout: 20_000 }).toEqual(['account', one, two].toSorted())
  for (const { device } of [first, second, ben]) await device.close()
  const third = await stage.another(first)
  await third.engine.recoverWith(code)
  await sees(third.engine, one, ['in the first'])
  await sees(third.engine, two, ['in the second'])
})

test('S69: a backup of which the server was put back to an older part is written again', async () => {
  await using stage = await restorable()
  const [first, ben, eve] = [await stage.person('ada'), await stage.person('ben'), await stage.person('eve')]
  const id = await sealedGroup(first, [ben, eve])
  const code = await first.engine.makeRecoveryCode()
  const { token } = await stage.session(first)
  const version = async () => {
    const stored = await httpApi(stage.url(), token).backup.parts.query()
    return stored.find(({ part }) => part === id)?.version
  }
  await expect.poll(version, { timeout: 5_000 }).toBe(1)
  await stage.backUp()
  await did(first.engine, { kind: 'remove-member', conversationId: id, accountId: eve.id })
  await expect.poll(version, { timeout: 20_000 }).toBe(2)
  for (const { device } of [first, ben, eve]) await device.close()
  await stage.putBack()
  expect(await version()).toBe(1)
  const again = await stage.reopen(first)
  await until(again.engine, (each) => each.conversation(id)?.memberCount === 2)
  await say(again, id, 'said later')
  await expect.poll(version, { timeout: 20_000 }).toBe(2)
  await again.device.close()
  const second = await stage.another(first, token)
  await second.engine.recoverWith(code)
  await sees(second.engine, id, ['said later'])
})
