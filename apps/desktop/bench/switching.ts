import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { MeasuredApp } from './app.ts'
import { median, quantile, worst } from './figures.ts'
import { passphrase } from './long-store.ts'
import type { Measure } from './measures.ts'
import { pause } from './pause.ts'

const switches = 40
/** So many are in sight without scrolling. */
const conversations = 10
const messages = 30
/** As people do not press while what they pressed before is still being drawn. */
const betweenMs = 300

export const switching: Measure = {
  name: 'switching',
  title: 'another conversation, from the store',
  async measure({ userData, profile, runs }) {
    const [firsts, again]: [number[], number[]] = [[], []]
    for (let run = 0; run < runs; run++) {
      await using app = await MeasuredApp.start(userData)
      await app.unlock(passphrase)
      const names = await app.conversations(conversations)
      await app.quiet()
      await app.profiled(profile, 'switching', async () => {
        for (let at = 0; at < switches; at++) {
          const name = names[at % names.length] ?? ''
          const ms = await app.open(name)
          ;(at < names.length ? firsts : again).push(ms)
          await pause(betweenMs)
        }
      })
    }
    const all = [...firsts, ...again]
    return [
      median({ figure: 'click to painted', unit: 'ms', atMost: 50 }, all),
      median({ figure: 'the same, one not open before', unit: 'ms', atMost: null }, firsts),
      { ...worst({ figure: 'the same, p90', unit: 'ms', atMost: null }, all), value: quantile(all, 0.9) },
    ]
  },
}

export const ownMessage: Measure = {
  name: 'own-message',
  title: 'own message, from the key',
  async measure({ userData, history, profile, runs }) {
    const times: number[] = []
    for (let run = 0; run < runs; run++) {
      // What is said waits to be sent for ever, and other measures want the store as it was.
      using device = temporaryFolder('parley-bench')
      cpSync(join(userData, 'engine'), join(device.path, 'engine'), { recursive: true })
      await using app = await MeasuredApp.start(device.path)
      await app.unlock(passphrase)
      await app.open(history.nameOf(0))
      await app.quiet()
      await app.profiled(profile, 'own-message', async () => {
        for (let at = 0; at < messages; at++) {
          await app.press('textarea')
          const text = `Said in run ${String(run)} as number ${String(at)} of ${String(Date.now())}`
          await app.page.write(text)
          await pause(betweenMs)
          await app.page.run((wanted) => window.parleyProbe.expectMessage(wanted), text)
          await app.page.pressEnter()
          times.push((await app.page.run(() => window.parleyProbe.met, null)).ms)
        }
      })
    }
    return [
      median({ figure: 'Enter to painted', unit: 'ms', atMost: 30 }, times),
      {
        ...worst({ figure: 'the same, p90', unit: 'ms', atMost: null }, times),
        value: quantile(times, 0.9),
      },
    ]
  },
}
