import { MeasuredApp } from './app.ts'
import { median, p99 } from './figures.ts'
import { passphrase } from './long-store.ts'
import type { Measure } from './measures.ts'

const searches = 1_000

export const searching: Measure = {
  name: 'searching',
  title: 'search in what is held',
  async measure({ userData, history }) {
    await using app = await MeasuredApp.start(userData)
    await app.unlock(passphrase)
    await app.quiet()
    // Common words and rare ones, whole and as they are begun to be written.
    const words = Array.from({ length: searches }, (_, index) => {
      const word = history.word(index * 37)
      return index % 4 === 0 ? word.slice(0, 1 + (index % 3)) : word
    })
    const times = await app.page.run(async (all) => {
      const taken: number[] = []
      for (const each of all) {
        const from = performance.now()
        await window.parleyProbe.ask('messages.search', { words: each })
        taken.push(performance.now() - from)
      }
      return taken
    }, words)
    return [
      p99({ figure: 'asked by the page to answered, p99', unit: 'ms', atMost: 50 }, times),
      median({ figure: 'the same, median', unit: 'ms', atMost: null }, times),
    ]
  },
}
