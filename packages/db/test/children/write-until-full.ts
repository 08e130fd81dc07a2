import { once } from 'node:events'
import { openDatabase } from '@parley/db/open'
import { Refusal } from '@parley/domain/refusal'
import { conversationId, say } from '../fixtures.ts'

// Sends until the disk is full, says so, and once it is told that there is room, sends one more.
const db = await openDatabase(`sqlite:${process.argv[2] ?? ''}`)
const content = { kind: 'plain', text: 'x'.repeat(20_000) } as const
const tell = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`)

let sent = 0
for (;;) {
  const results = await Promise.allSettled([1, 2, 3].map((index) => say(db, sent + index, { content })))
  const refused = results.filter((result) => result.status === 'rejected')
  if (refused.length === 0) {
    sent += 3
    continue
  }
  const kinds = refused.map(({ reason }) => (reason instanceof Refusal ? reason.kind : String(reason)))
  const { json } = await db.read.messages.page(conversationId(1), { kind: 'newest' }, 1)
  tell({ sent, kinds, head: db.head(), read: json.length })
  break
}
await once(process.stdin, 'data')
const { messageId, repeated } = await say(db, sent + 1, { content })
tell({ messageId, repeated })
process.exit(0)
