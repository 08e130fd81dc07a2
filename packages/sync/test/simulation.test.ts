import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { simulate } from './simulation/simulate.ts'

const seeds = Number(process.env['SIMULATION_SEEDS'] ?? 20)
const first = Number(process.env['SIMULATION_SEED'] ?? randomInt(2 ** 31))

test(
  'P7: whatever networks and processes do, all devices show what the server has, and nothing is lost or doubled',
  { timeout: 600_000 },
  async () => {
    for (let seed = first; seed < first + seeds; seed += 1) await simulate(seed)
    expect(seeds).toBeGreaterThan(0)
  },
)

// Seeds that once failed.

test('S21, S13: a group that the stream brings before its making is answered is written in as one', async () => {
  await expect(simulate(24)).resolves.toBeUndefined()
})
