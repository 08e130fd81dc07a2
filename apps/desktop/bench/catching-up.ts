import type { ConversationId } from '@parley/domain/ids'
import { newClientMessageId, makeGroup, signUp, type TestPerson } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { z } from 'zod'
import { MeasuredApp } from './app.ts'
import { median, p99, unhinderedMs, worst } from './figures.ts'
import { passphrase } from './long-store.ts'
import type { Measure } from './measures.ts'
import { pause } from './pause.ts'

const missed = 10_000
const groups = 20
/** Sent by each author at once. */
const underWayMax = 20
const username = 'ada'
const password = 'a password of the bench'
const lookEveryMs = 25

export const catchingUp: Measure = {
  name: 'catching-up',
  title: `catching up on ${missed.toLocaleString('en')} messages`,
  async measure({ runs, profile }) {
    const [totals, queries, waits, polls]: [number[], number[], number[], number[]] = [[], [], [], []]
    for (let run = 0; run < runs; run++) {
      using device = temporaryFolder('parley-bench')
      await using server = await spawnServer()
      await using ada = await signUp(server, { username, password, displayName: 'Ada' })
      await using grace = await signUp(server, { username: 'grace', displayName: 'Grace' })
      const ids: ConversationId[] = []
      for (let at = 0; at < groups; at++) {
        ids.push(await makeGroup(grace, [ada], { name: `Group ${String(at)}` }))
      }
      await sendTo(grace, ids, groups)
      await signIn(device.path, server.url)
      await sendTo(grace, ids, missed)
      const caughtUp = await catchUp(device.path, profile)
      totals.push(caughtUp.seconds)
      queries.push(...caughtUp.queries)
      waits.push(...caughtUp.ofEngine)
      polls.push(...caughtUp.looks)
    }
    return [
      median(
        { figure: 'store open to caught up, while conversations are switched', unit: 's', atMost: 3 },
        totals,
      ),
      worst({ figure: 'longest question of a screen meanwhile', unit: 'ms', atMost: 50 }, queries),
      p99({ figure: 'questions of screens, p99', unit: 'ms', atMost: null }, queries),
      worst({ figure: 'longest, without what the page itself was busy', unit: 'ms', atMost: null }, waits),
      p99({ figure: 'the same, p99', unit: 'ms', atMost: null }, waits),
      p99({ figure: 'a question that takes nothing, p99', unit: 'ms', atMost: null }, polls),
    ]
  },
}

async function signIn(userData: string, url: string): Promise<void> {
  await using app = await MeasuredApp.start(userData)
  await app.fill('Server or invite link', url)
  await app.page.pressEnter()
  await app.fill('Username', username)
  await app.fill('Password', password)
  await app.page.pressEnter()
  await app.fill('Passphrase', passphrase)
  await app.fill('Once more', passphrase)
  await app.page.pressEnter()
  await app.press('[role=treeitem]', 'Group 0')
  await app.there('h1', 'Group 0')
  await app.quiet()
}

async function sendTo({ api }: TestPerson, ids: readonly ConversationId[], count: number): Promise<void> {
  let next = 0
  const sender = async () => {
    for (let at = next++; at < count; at = next++) {
      const conversationId = ids[at % ids.length]
      if (!conversationId) return
      const text = `Message ${String(at)} of those that were missed, as long as messages often are`
      const content = { kind: 'plain', text } as const
      await api.messages.send.mutate({ conversationId, clientMessageId: newClientMessageId(), content })
    }
  }
  await Promise.all(Array.from({ length: underWayMax }, sender))
}

const Held = z.object({ messages: z.int() })

interface CaughtUp {
  readonly seconds: number
  readonly queries: readonly number[]
  /** The same, without what the page itself was busy with: no answer of the engine's could have come in there. */
  readonly ofEngine: readonly number[]
  readonly looks: readonly number[]
}

async function catchUp(userData: string, profile: string | null): Promise<CaughtUp> {
  await using app = await MeasuredApp.start(userData)
  await app.there('input[type=password]')
  await app.page.write(passphrase)
  await app.profiled(profile, 'catching-up', async () => {
    await app.page.pressEnter()
    await app.page.run(() => window.parleyProbe.watchBusy(), null)
    await app.page.run(() => window.parleyProbe.watchConnection(), null)
    let done = false
    const over = app.page.run(() => window.parleyProbe.caughtUp, null).then(() => (done = true))
    await app.there('[role=treeitem]')
    for (let at = 1; !done; at++) {
      await app.press('[role=treeitem]', `Group ${String(at % groups)}`)
      await pause(lookEveryMs)
    }
    await over
  })
  const { looks, openedAt, until } = await app.page.run(() => window.parleyProbe.caughtUp, null)
  const held = await app.page.run(() => window.parleyProbe.ask('storage.use'), null)
  const { messages } = Held.parse(held)
  if (messages < groups + missed) throw new Error(`Of ${missed} messages ${messages - groups} came`)
  const { askings, busy } = await app.page.run(() => {
    const probe = window.parleyProbe
    return { askings: probe.askings, busy: probe.busy }
  }, null)
  const asked = askings.filter(
    ({ type, askedAt }) => type === 'query' && askedAt >= openedAt && askedAt <= until,
  )
  return {
    seconds: (until - openedAt) / 1_000,
    queries: asked.map(({ ms }) => ms),
    ofEngine: asked.map((each) => unhinderedMs(each, busy)),
    looks,
  }
}
