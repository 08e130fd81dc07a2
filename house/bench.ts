import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// What `npm run bench` does: every bench with a budget, one after the other, or the one that is named with its options.

const root = join(import.meta.dirname, '..')
const benches: Readonly<Record<string, string>> = {
  server: 'apps/server/bench/run.ts',
  engine: 'packages/sync/bench/engine.ts',
  crypto: 'packages/crypto/bench/budgets.ts',
  sealed: 'packages/sync/bench/sealed.ts',
  app: 'apps/desktop/bench/run.ts',
}

const [first, ...options] = process.argv.slice(2)
const named = first === undefined ? undefined : benches[first]
if (first !== undefined && named === undefined) {
  console.error(
    `npm run bench -- [NAME] [its options, or --help], NAME being one of ${Object.keys(benches).join(', ')}`,
  )
  process.exitCode = 1
} else {
  for (const bench of named === undefined ? Object.values(benches) : [named]) {
    const { status } = spawnSync(process.execPath, [join(root, bench), ...options], { stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
}
