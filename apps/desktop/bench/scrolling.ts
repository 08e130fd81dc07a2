import { MeasuredApp } from './app.ts'
import { median, quantile, worst } from './figures.ts'
import { passphrase } from './long-store.ts'
import type { Measure } from './measures.ts'

/** Pixels of one turn of the wheel, as when somebody wants to be far back soon. */
const turnPx = -600
const turnsMax = 20_000
const scrollMsMax = 150_000

export const scrolling: Measure = {
  name: 'scrolling',
  title: 'back through a long conversation',
  async measure({ userData, history, profile }) {
    await using app = await MeasuredApp.start(userData)
    await app.unlock(passphrase)
    await app.open(history.nameOf(0))
    await app.quiet()
    const place = await app.place('[role=log]')
    let passed = 0
    const frames = await app.profiled(profile, 'scrolling', async () => {
      await app.page.run(() => window.parleyProbe.watchFrames(), null)
      const until = performance.now() + scrollMsMax
      for (let turn = 0; turn < turnsMax && performance.now() < until; turn++) {
        await app.page.wheel(place, turnPx)
        if (turn % 50 !== 0) continue
        const position = await app.page.run(firstPosition, null)
        if (position === null) continue
        const { ordinal } = history.message(position)
        passed = history.options.inFirst - ordinal
        if (ordinal === 1) break
      }
      return app.page.run(() => window.parleyProbe.framesWatched(), null)
    })
    const gaps = frames.gaps.slice(1)
    return [
      worst({ figure: 'longest frame', unit: 'ms', atMost: 50 }, gaps),
      {
        ...median({ figure: 'frame, p99', unit: 'ms', atMost: null }, gaps),
        value: quantile(gaps, 0.99),
      },
      worst({ figure: 'nodes of the page', unit: 'nodes', atMost: 1_500 }, [frames.nodesMax]),
      worst({ figure: 'messages gone by', unit: 'messages', atMost: null }, [passed]),
    ]
  },
}

/** The position of the first message of the page; rows have keys of their author and what their client called them. */
function firstPosition(): number | null {
  const row = document.querySelector<HTMLElement>('[role=log] [data-key]')
  const [, position] = /message-(\d+)$/.exec(row?.dataset['key'] ?? '') ?? []
  return position === undefined ? null : Number(position)
}
