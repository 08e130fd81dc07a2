import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { simulate } from './simulate.ts'

// `npm run simulate -w @parley/sync -- --seeds 1000 --seed 1`: as many runs as one wants, from any seed on.
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '150' },
  },
})
const first = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed)
console.log(`Seeds from ${first} on`)
let failed = 0
for (let seed = first; seed < first + Number(values.seeds); seed += 1) {
  try {
    await simulate(seed, Number(values.steps))
  } catch (error) {
    failed += 1
    console.error(error instanceof Error ? error.message : error)
  }
}
console.log(`${values.seeds} runs, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
