import { openDatabase } from '@parley/db/open'
import { say } from '../fixtures.ts'

// Says one thing, and closes in order.
const db = await openDatabase(`sqlite:${process.argv[2] ?? ''}`)
await say(db, 1_000)
await db.close()
