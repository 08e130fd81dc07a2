import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { simulateInProcesses } from './simulation/in-processes.ts'
import { simulate } from './simulation/simulate.ts'

// A thousand where every change is judged, few while one is being made; any number by hand.
const usual = process.env['CI'] ? 1_000 : 20
const seeds = Number(process.env['SIMULATION_SEEDS'] ?? usual)
/** Shorter lives than those by hand, so that a thousand of them take two or three minutes of two cores. */
const steps = 100
/** The same ones wherever changes are judged; others each time where they are made. */
const first = Number(process.env['SIMULATION_SEED'] ?? (process.env['CI'] ? 1 : randomInt(2 ** 31)))

test(
  'P7: whatever networks and processes do, all devices show what the server has, and nothing is lost or doubled',
  { timeout: 1_200_000 },
  async () => {
    expect(seeds).toBeGreaterThan(0)
    expect(await simulateInProcesses(first, seeds, steps)).toEqual([])
  },
)

// Seeds that once failed.

test('S21, S13: a group that the stream brings before its making is answered is written in as one', async () => {
  await expect(simulate(24)).resolves.toBeUndefined()
})

test('S3: what is read is the same on all devices, whatever is brought a second time', async () => {
  await expect(simulate(22)).resolves.toBeUndefined()
})

test('S22: what is unread is counted right where the end of a conversation is not known yet', async () => {
  await expect(simulate(1774483244, steps)).resolves.toBeUndefined()
  await expect(simulate(1774483192, steps)).resolves.toBeUndefined()
})

test('S1: who comes in again while the page of before is being refused gets the newest one all the same', async () => {
  await expect(simulate(1559371297, steps)).resolves.toBeUndefined()
})
