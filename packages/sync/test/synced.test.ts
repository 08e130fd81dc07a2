import { join } from 'node:path'
import { systemClock } from '@parley/client/clock'
import { connect } from '@parley/client/connect'
import { countSyncs } from '@parley/testkit/count-syncs'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { serverOver } from '../src/over-client.ts'
import { Store } from '../src/store/store.ts'
import { Following } from '../src/sync/following.ts'
import { Questions } from '../src/sync/meanwhile.ts'
import { Merging } from '../src/sync/merging.ts'
import { Topics } from '../src/topics.ts'
import { testKey } from './devices.ts'

const writeCommits = new URL('./children/write-commits.ts', import.meta.url)
const few = 10
const many = 60

test('P7, S2: what the person does is synced with each commit, and what comes again if it is lost once, at its end', async () => {
  using folder = temporaryFolder('parley-synced')
  const synced = async (how: 'each' | 'ahead' | 'within', commits: number) => {
    const path = join(folder.path, `${how}${commits}.db`)
    const { syncs } = await countSyncs(writeCommits, [path, how, String(commits)])
    return syncs.filter((file) => file === `${path}-wal`).length
  }
  for (const how of ['each', 'within'] as const)
    expect((await synced(how, many)) - (await synced(how, few))).toBe(many - few)
  const none = await synced('ahead', 0)
  // Once, however many there are.
  for (const commits of [few, many]) expect((await synced('ahead', commits)) - none).toBe(1)
})

test('S2: what was missed is synced when all of it has come, and from then on each entry as it comes', async () => {
  await using server = await startServer()
  await using ada = await signUp(server)
  await using bob = await signUp(server)
  const id = await makeGroup(ada, [bob])
  using folder = temporaryFolder('parley-synced')
  using store = new Store(join(folder.path, 'store.db'), testKey, new Topics())
  const onDefect = (error: unknown) => expect.unreachable(String(error))
  const breathe = () => Promise.resolve()
  const merging = new Merging({ store, breathe, onDefect })

  /** Follows until it is live, and then until a message has come; what it said when, and whether that was synced. */
  async function follow(): Promise<string[]> {
    const said: string[] = []
    const say = (what: string) => said.push(`${what}, ${store.isSynced ? '' : 'not '}synced`)
    await using client = connect({ url: server.url, token: ada.token })
    const following = new Following({
      ...{ store, merging, breathe, onDefect, server: serverOver(client), questions: new Questions() },
      ...{ clock: systemClock, random: () => 0, onSnapshot: () => {}, onPassing: () => {} },
      onEntries: (entries) => {
        const messages = entries.filter(({ kind }) => kind === 'message').length
        if (messages > 0) say(`${messages} messages`)
        if (said.some((each) => each.startsWith('live')) && messages > 0) following.end()
      },
      onLive() {
        say('live')
        void send(bob, id, 'after it')
      },
    })
    await following.run()
    return said
  }

  expect(await follow()).toEqual(['live, synced', '1 messages, synced'])
  for (let number = 0; number < 3; number += 1) await send(bob, id, 'missed')
  expect(await follow()).toEqual(['3 messages, not synced', 'live, synced', '1 messages, synced'])
})
