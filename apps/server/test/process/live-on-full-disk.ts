import { appendFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { httpApi, makeGroup, newClientMessageId, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { refusalOf } from '../sealed/refusal.ts'

// Lives through what a full disk does to a server, and says what a client sees at each step. Its argument is a folder with a
// small file system of its own.

const [disk = ''] = process.argv.slice(2)
const data = join(disk, 'data')
const copy = join(disk, 'copy')
const filler = join(disk, 'filler')

/** To the last byte, as other programs do. */
function fill(): void {
  for (const bytes of [1 << 20, 1 << 16, 1 << 12, 1]) while (fits(bytes));
}

function fits(bytes: number): boolean {
  try {
    appendFileSync(filler, Buffer.alloc(bytes))
    return true
  } catch {
    return false
  }
}

const databaseFiles = (folder: string) =>
  readdirSync(folder).filter((name) => name.startsWith('parley.sqlite'))

function move(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  for (const name of databaseFiles(to)) rmSync(join(to, name))
  for (const name of databaseFiles(from)) cpSync(join(from, name), join(to, name))
}

const prepared = await (async () => {
  await using server = await startServer({ settings: { data } })
  await using ada = await signUp(server)
  const conversationId = await makeGroup(ada)
  for (let number = 1; number <= 10; number += 1) await send(ada, conversationId, `message ${number}`)
  return { token: ada.token, conversationId }
})()
const { token, conversationId } = prepared

type Does = 'reads' | 'writes once' | 'writes until it is refused' | 'gets room and writes'

async function visit(step: string, does: Does): Promise<void> {
  await using server = await startServer({ settings: { data } })
  const api = httpApi(server.url, token)
  const write = () => {
    const content = { kind: 'plain', text: 'x'.repeat(10_000) } as const
    const sending = { conversationId, clientMessageId: newClientMessageId(), content }
    return refusalOf(api.messages.send.mutate(sending))
  }
  let answer = does === 'reads' ? 'none' : await write()
  while (does === 'writes until it is refused' && answer === 'done') answer = await write()
  const refused = answer
  if (does === 'gets room and writes') {
    rmSync(filler)
    answer = `${refused}, then ${await write()}`
  }
  const { messages } = await api.messages.page.query({ conversationId, after: 0, limit: 10 })
  const { logId } = await api.stream.snapshot.query()
  const restored = server.logged.some((line) => line.includes('"event":"restored"'))
  const oldest = messages.some(({ content }) => content.kind === 'plain' && content.text === 'message 1')
  process.stdout.write(`${JSON.stringify({ step, answer, reads: oldest, logId, restored })}\n`)
}

await visit('with room', 'reads')
move(data, copy)
await visit('with room again', 'writes once')
fill()
await visit('full', 'reads')
fill()
await visit('full, and written to', 'writes until it is refused')
fill()
await visit('full again', 'writes until it is refused')
fill()
await visit('room comes', 'gets room and writes')
await visit('with room after it', 'writes once')
move(copy, data)
fill()
await visit('put back, on a full disk', 'reads')
await visit('full after it was put back', 'reads')
