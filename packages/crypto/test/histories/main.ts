import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { anyHistory, holds, tally } from './property.ts'

// `node packages/crypto/test/histories/main.ts --runs 10000 --seed 1`: the histories of the test, as many as one has time for.

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
})
const numRuns = Number(values.runs)
const seed = Number(values.seed)
await fc.assert(fc.asyncProperty(...anyHistory, holds), { numRuns, seed })
const { histories, epochs, opened, withheld, lost, haunted } = tally
console.log(
  `${histories} histories from seed ${seed} with ${epochs} epochs: ${opened} times a message was opened, ` +
    `${withheld} times withheld as it should be, ${lost} times lost with its last device; never read by who may not. ` +
    `${haunted} times a device that was put out tried to go on, in vain.`,
)
