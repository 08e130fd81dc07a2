import { openDatabase } from '@parley/db/open'
import { say } from '../fixtures.ts'

// Sends messages, many at once, from the number in its second argument on, and prints each once it is acknowledged.
const db = await openDatabase(`sqlite:${process.argv[2] ?? ''}`)
const first = Number(process.argv[3])
for (let number = first; ; number += 8) {
  const sending = Array.from({ length: 8 }, async (_, index) => {
    const { messageId } = await say(db, number + index)
    await told(`${number + index} ${messageId}\n`)
  })
  await Promise.all(sending)
}

/** Resolves when the pipe has taken the line: its reader may be slower. */
function told(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(line, () => resolve()))
}
