import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { signIn } from '@parley/client/sign-in'
import { Host } from '../../src/engine/host.ts'
import type { Attention, NoticesPort, ShownNotice } from '../../src/engine/notices-port.ts'
import { missedNotice, plainLine } from '../../src/engine/notice-text.ts'
import { Notifying } from '../../src/engine/notifying.ts'
import { makeDesk } from './desk.ts'

/** The system's notices of a computer, as a person sees them. */
class Screen implements NoticesPort {
  readonly notices = new Map<string, ShownNotice>()
  unread = 0
  asked = 0
  #told: (attention: Attention) => void = () => {}
  #changed = () => {}

  show(notice: ShownNotice): void {
    this.notices.set(notice.conversationId, notice)
    this.#changed()
  }

  withdraw(which: { readonly account: string; readonly conversationId?: string }): void {
    for (const { account, conversationId } of [...this.notices.values()])
      if (account === which.account && conversationId === (which.conversationId ?? conversationId))
        this.notices.delete(conversationId)
    this.#changed()
  }

  badge(unread: number): void {
    this.unread = unread
    this.#changed()
  }

  askAttention(): void {
    this.asked += 1
  }

  watchAttention(told: (attention: Attention) => void): Disposable {
    this.#told = told
    return { [Symbol.dispose]: () => (this.#told = () => {}) }
  }

  look(focused: boolean): void {
    this.#told({ focused, visible: true })
  }

  /** Resolves once it is so. */
  until(so: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = () => so() && resolve()
      this.#changed()
    })
  }
}

async function stage() {
  const server = await startServer()
  const ada = await signUp(server, { username: 'ada', displayName: 'Ada' })
  const bob = await signUp(server, { username: 'bob', displayName: 'Bob' })
  const group = await makeGroup(bob, [ada], { name: 'Garden' })
  const direct = await bob.api.conversations.openDirect.mutate({ accountId: ada.account.id })
  const folder = temporaryFolder('parley-notifying')
  const host = new Host({
    folder: folder.path,
    desk: makeDesk({ keyring: true }),
    onDefect(error) {
      throw error
    },
  })
  await host.start()
  const signedIn = await signIn({ url: server.url, username: 'ada', password: ada.password })
  await host.arrive({ signedIn, url: server.url, serverName: 'Test' })
  const screen = new Screen()
  const notifying = new Notifying(host, screen)
  notifying.follow()
  await caughtUp(host)
  return {
    bob,
    host,
    screen,
    group,
    direct: direct.id,
    async [Symbol.asyncDispose]() {
      notifying[Symbol.dispose]()
      await host[Symbol.asyncDispose]()
      await Promise.all([ada.close(), bob.close()])
      await server[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

async function caughtUp(host: Host): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => {
    const connection = host.open.engine.connection()
    if (connection.kind === 'online' && connection.caughtUp) resolve()
  }
  using _ = host.onChange(look)
  look()
  await promise
}

test('what comes is told with who said it, and is taken back once it is read', async () => {
  await using on = await stage()
  const { screen, host, direct, bob } = on
  const { messageId } = await send(bob, direct, 'Have you seen **this**?')
  await screen.until(() => screen.notices.has(direct))
  expect(screen.notices.get(direct)).toMatchObject({ title: 'Bob', body: 'Have you seen this?', messageId })
  expect(screen.asked).toBe(1)
  await screen.until(() => screen.unread === 1)

  host.open.engine.act({ kind: 'mark-read', conversationId: direct, messageId })
  await screen.until(() => screen.unread === 0 && !screen.notices.has(direct))
})

test('nothing is told of the conversation that is open before one’s eyes, and of others it is', async () => {
  await using on = await stage()
  const { screen, host, direct, group, bob } = on
  host.open.engine.setNotificationLevel(group, 'all')
  screen.look(true)
  host.lookedAt = direct
  await send(bob, direct, 'You see this already')
  await send(bob, group, 'Tomatoes are ripe')
  await screen.until(() => screen.notices.has(group))
  expect(screen.notices.get(group)).toMatchObject({ title: 'Garden', body: 'Bob: Tomatoes are ripe' })
  expect([...screen.notices.keys()]).toEqual([group])

  screen.look(false)
  await send(bob, direct, 'You do not see this')
  await screen.until(() => screen.notices.has(direct))
})

test('signing out takes back what was told of the account, and its number', async () => {
  await using on = await stage()
  const { screen, host, direct, bob } = on
  await send(bob, direct, 'Hello')
  await screen.until(() => screen.unread === 1)
  await host.signOut()
  expect(screen.notices.size).toBe(0)
  expect(screen.unread).toBe(0)
})

test('of an account that is not shown it is told too, with its server, and the number counts all', async () => {
  await using on = await stage()
  const { screen, host, direct, bob } = on
  await using other = await startServer()
  await using cyd = await signUp(other, { username: 'cyd', displayName: 'Cyd' })
  await using dee = await signUp(other, { username: 'dee', displayName: 'Dee' })
  const { id: elsewhere } = await dee.api.conversations.openDirect.mutate({ accountId: cyd.account.id })
  const signedIn = await signIn({ url: other.url, username: 'cyd', password: cyd.password })
  await host.arrive({ signedIn, url: other.url, serverName: 'Lindenhof' })
  await caughtUp(host)
  screen.look(true)
  host.lookedAt = direct
  await send(bob, direct, 'One')
  await screen.until(() => screen.notices.has(direct))
  expect(screen.notices.get(direct)).toMatchObject({ title: 'Bob · Test', body: 'One' })
  await send(dee, elsewhere, 'Two')
  await screen.until(() => screen.unread === 2 && screen.notices.has(elsewhere))
  expect(screen.notices.get(elsewhere)).toMatchObject({ title: 'Dee · Lindenhof' })

  // What is told of one account stays while the other is signed out.
  await host.signOut()
  expect([...screen.notices.values()].map(({ title }) => title)).toEqual(['Bob · Test'])
  expect(screen.unread).toBe(1)
})

test('a notice is one line without marks, and what was missed is counted', () => {
  expect(plainLine('# Plan\n\n- **buy** [seeds](https://example.org)\n- `dig`')).toBe('Plan buy seeds dig')
  expect(plainLine('snake_case_name stays')).toBe('snake_case_name stays')
  expect(missedNotice({ kind: 'missed', messages: 12, mentions: 1, conversationIds: [] })).toEqual({
    title: '12 new messages',
    body: 'You are mentioned once.',
  })
})
