import { openDatabase } from '@parley/db/open'
import { say } from '../fixtures.ts'

// Commits as many groups of three messages as its second argument says, one after another.
const db = await openDatabase(`sqlite:${process.argv[2] ?? ''}`)
const groups = Number(process.argv[3])
const before = db.stats.groups
for (let group = 0; group < groups; group += 1) {
  await Promise.all([0, 1, 2].map((one) => say(db, group * 3 + one)))
}
process.stdout.write(`${db.stats.groups - before}\n`)
// Without closing: what closing syncs is not what this counts.
process.exit(0)
