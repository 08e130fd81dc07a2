import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ConversationId } from '@parley/domain/ids'
import { Action } from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import { signUp } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { engineAt, settled } from '../test/devices.ts'
import { catchUp, isUp, type Run, until } from './catching-up.ts'

const groups = 20
/** In the outbox at once. */
const waitingMax = 40

export type Runs = Readonly<Record<'plain' | 'sealed', Run[]>>

/** Twenty groups, and a server in a process of its own on this machine, over a real socket. */
export async function overServer(folder: string, messages: number, runs: number): Promise<Runs> {
  const measured: Runs = { plain: [], sealed: [] }
  const plain = await Missed.make(join(folder, 'plain'), false)
  const sealed = await Missed.make(join(folder, 'sealed'), true)
  await using _both = {
    [Symbol.asyncDispose]: async () => void (await Promise.all([plain.close(), sealed.close()])),
  }
  for (const one of [plain, sealed]) await one.say(messages)
  for (let run = 0; run < runs; run += 1) {
    measured.plain.push(await plain.catchUp(run))
    measured.sealed.push(await sealed.catchUp(run))
  }
  return measured
}

/** What was said while a reader was away, whose store is as it was then. */
class Missed {
  readonly #of: Parts

  private constructor(parts: Parts) {
    this.#of = parts
  }

  static async make(path: string, isSealed: boolean): Promise<Missed> {
    const server = await spawnServer()
    const [author, reader] = [await signUp(server), await signUp(server)]
    const tokenAt = (token: string, store: string) =>
      engineAt({ url: server.url, token, path: store }, undefined, { carriesBeside: true })
    const writing = tokenAt(author.token, `${path} author.db`)
    const open = (store: string) => tokenAt(reader.token, store)
    const parts = { server, writing, open, path, ids: [] as ConversationId[] }
    await using reading = open(`${path}.db`)
    for (const engine of [writing, reading])
      await until(engine, () => isUp(engine) && (!isSealed || engine.encryption().kind === 'ready'))
    for (let at = 0; at < groups; at += 1) {
      const group = { name: `Group ${at}`, description: '', joinPolicy: 'closed', listed: false }
      const more = { members: [reader.account.id], ...(isSealed && { sealed: true, history: 'everything' }) }
      writing.act(Action.parse({ kind: 'make-group', ...group, ...more }))
    }
    await settled(writing)
    await until(reading, () => reading.conversations().length === groups)
    const isOpen = () =>
      reading.conversations().every(({ sealing }) => !isSealed || sealing?.state === 'open')
    await until(reading, isOpen)
    for (const { id } of reading.conversations()) if (isReal(id)) parts.ids.push(id)
    const missed = new Missed(parts)
    await missed.say(groups)
    await until(reading, () => parts.ids.every((id) => newestOf(reading, id) === 'plain'))
    await Promise.all([author.close(), reader.close()])
    return missed
  }

  async say(messages: number): Promise<void> {
    const { writing, ids } = this.#of
    for (let said = 0; said < messages; said += 1) {
      const text = `Message ${said} of those that were missed, as long as messages often are`
      const content = { kind: 'plain', text }
      writing.act(Action.parse({ kind: 'send', conversationId: ids[said % groups], content }))
      if (said % waitingMax === waitingMax - 1) await settled(writing)
    }
    await settled(writing)
  }

  async catchUp(run: number): Promise<Run> {
    const { path, open, ids } = this.#of
    const copy = `${path} ${run}.db`
    copyFileSync(`${path}.db`, copy)
    return catchUp(() => open(copy), ids)
  }

  async close(): Promise<void> {
    await this.#of.writing.close()
    await this.#of.server[Symbol.asyncDispose]()
  }
}

interface Parts {
  readonly server: Awaited<ReturnType<typeof spawnServer>>
  readonly writing: Engine
  readonly open: (store: string) => Engine
  readonly path: string
  readonly ids: ConversationId[]
}

const isReal = (id: string): id is ConversationId => !id.startsWith('local-')
const newestOf = (engine: Engine, id: ConversationId) =>
  engine.timeline({ conversationId: id, at: { kind: 'newest' } }).items.at(-1)?.content.kind
