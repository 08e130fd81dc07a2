import type { Database } from '@parley/db/stores'

/** One write in so many is timed: enough to see how long they take, and too few to be felt. */
const timedOneIn = 64

/** The database as it is, but that some of its writes are timed, from the call until they are on disk or refused. */
export function timedWrites(db: Database, observe: (seconds: number) => void): Database {
  let count = 0
  return {
    read: db.read,
    write: (use) => {
      count += 1
      if (count % timedOneIn !== 1) return db.write(use)
      const began = performance.now()
      return db.write(use).finally(() => observe((performance.now() - began) / 1000))
    },
    onCommit: (listener) => db.onCommit(listener),
    head: () => db.head(),
    restored: db.restored,
    get stats() {
      return db.stats
    },
    close: () => db.close(),
  }
}
