import { withRandomness } from '@parley/testkit/randomness'
import { runCommand } from '@parley/testkit/run-command'
import { spawnServer } from '@parley/testkit/spawn-server'
import { expect, test } from 'vitest'
import { crashRounds } from './crash-rounds.ts'
import { hastyBundle } from './hasty-bundle.ts'

/** Any number by hand: CRASH_ROUNDS=10000 npx vitest run crash */
const rounds = Number(process.env['CRASH_ROUNDS'] ?? 100)
const minutes = 60_000

test(
  `P1 P2 P3 P4: killed ${rounds} times, the server loses and doubles nothing that it acknowledged`,
  () =>
    withRandomness(async (random) => {
      await using server = await spawnServer()
      const report = await crashRounds(server, { rounds, random })
      expect(report.faults).toEqual([])
      expect(report.rounds).toBe(rounds)
      expect(report.acknowledged).toBeGreaterThanOrEqual(rounds)
      await server.stop()
      const checked = await runCommand(['check', '--data', server.data])
      expect(checked).toMatchObject({ code: 0 })
    }),
  Math.max(rounds, 100) * 0.1 * minutes,
)

test(
  'a server that acknowledges before it commits is caught by the same rounds',
  () =>
    withRandomness(async (random) => {
      await using hasty = await hastyBundle()
      await using server = await spawnServer({ command: [process.execPath, hasty.program] })
      const report = await crashRounds(server, { rounds: 200, random, untilFault: true })
      expect(report.faults).toContainEqual(expect.stringMatching(/^P1: .* is lost$/))
    }),
  10 * minutes,
)
