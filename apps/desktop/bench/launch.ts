import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { z } from 'zod'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { bare, MeasuredApp } from './app.ts'
import { median, unhinderedMs } from './figures.ts'
import type { Asking } from './in-page.ts'
import { passphrase } from './long-store.ts'
import type { Bench, Measure } from './measures.ts'

/** What a screen asks first, and is empty without. */
const firstQuestions = ['conversations.list', 'conversations.get', 'messages.timeline']

const StoreOpened = z.object({ event: z.literal('store-opened'), ms: z.number() })

interface Launch {
  readonly untilBare: number
  readonly untilLocked: number
  readonly untilReadable: number
  readonly engine: number
  /** With the time in which the answers were there, and the page was busy with drawing. */
  readonly engineAsHeard: number
}

/** From starting the process to reading, with the typing of the passphrase left out. */
export const launch: Measure = {
  name: 'launch',
  title: 'launch, server unreachable',
  async measure(bench) {
    await leaveAtTheLarge(bench)
    const launches: Launch[] = []
    let cold = true
    using beside = temporaryFolder('parley-bench')
    // What is written at the first start of all is no part of it.
    await launchBare(beside.path)
    for (let run = 0; run < bench.runs; run++) {
      cold = dropPageCache() && cold
      const untilBare = await launchBare(beside.path)
      cold = dropPageCache() && cold
      launches.push({ untilBare, ...(await launchOnce(bench)) })
    }
    const how = cold ? 'cold' : 'warm, as the page cache could not be dropped'
    const of = (each: (one: Launch) => number) => launches.map(each)
    const line = (figure: string, atMost: number | null) => ({ figure, unit: 'ms', atMost }) as const
    return [
      median(
        line(`to the last conversation readable (${how})`, 1_500),
        of(({ untilLocked, untilReadable }) => untilLocked + untilReadable),
      ),
      median(
        line('process started to page painted, Electron with nothing in it', null),
        of(({ untilBare }) => untilBare),
      ),
      median(
        line('process started to unlock screen painted', null),
        of(({ untilLocked }) => untilLocked),
      ),
      median(
        { figure: 'the same, of what Electron alone takes', unit: '×', atMost: null },
        of(({ untilLocked, untilBare }) => untilLocked / untilBare),
      ),
      median(
        line('passphrase sent to conversation painted', null),
        of(({ untilReadable }) => untilReadable),
      ),
      median(
        line('the engine: opening the store and first answers', 150),
        of(({ engine }) => engine),
      ),
      median(
        line('the same, until the page had taken the answers', null),
        of(({ engineAsHeard }) => engineAsHeard),
      ),
    ]
  },
}

/** So that the large conversation is what was open last. */
async function leaveAtTheLarge({ userData, history }: Bench): Promise<void> {
  await using app = await MeasuredApp.start(userData)
  await app.unlock(passphrase)
  const [other = ''] = await app.conversations(1)
  await app.open(other)
  await app.open(history.nameOf(0))
  await app.quiet()
}

async function launchBare(userData: string): Promise<number> {
  await using app = await MeasuredApp.start(userData, bare)
  return await app.firstPaint()
}

async function launchOnce({ userData, history }: Bench): Promise<Omit<Launch, 'untilBare'>> {
  await using app = await MeasuredApp.start(userData)
  await app.there('input[type=password]')
  await app.page.write(passphrase)
  await app.page.run((name) => window.parleyProbe.expectOpen(name), history.nameOf(0))
  await app.page.run(() => window.parleyProbe.watchBusy(), null)
  await app.page.pressEnter()
  const { ms: untilReadable } = await app.page.run(() => window.parleyProbe.met, null)
  const { paintedAt, askings, busy } = await app.page.run(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN
    const probe = window.parleyProbe
    return { paintedAt: performance.timeOrigin + paint, askings: probe.askings, busy: probe.busy }
  }, null)
  const { text } = await app.log.event('engine-says')
  const { ms: opening } = StoreOpened.parse(JSON.parse(String(text)))
  const first = firstQuestions.flatMap((path) => askings.find((each) => each.path === path) ?? [])
  // They are asked for together, and the engine answers one after the other: the last answer has waited for the others.
  const lastAnswer = (msOf: (each: Asking) => number) => Math.max(...first.map(msOf))
  return {
    untilLocked: paintedAt - app.startedAt,
    untilReadable,
    engine: opening + lastAnswer((each) => unhinderedMs(each, busy)),
    engineAsHeard: opening + lastAnswer(({ ms }) => ms),
  }
}

/** So that everything is read from the disk, as after the computer was started; not everybody may do that. */
function dropPageCache(): boolean {
  if (process.platform !== 'linux') return false
  spawnSync('sync')
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3')
    return true
  } catch {
    return false
  }
}
