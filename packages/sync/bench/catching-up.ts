import type { ConversationId } from '@parley/domain/ids'
import type { Engine } from '@parley/sync/engine'

const lookEveryMs = 20

export interface Run {
  readonly ms: number
  /** Of all threads of this process, and of the one that the screen asks. */
  readonly cpuMs: number
  readonly mainMs: number
  readonly longestLookMs: number
}

export const until = (engine: Engine, ask: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = () => {
      if (!ask()) return
      listening[Symbol.dispose]()
      resolve()
    }
    const listening = engine.onChange(look)
    look()
  })

export const isUp = (engine: Engine): boolean => {
  const connection = engine.connection()
  return connection.kind === 'online' && connection.caughtUp
}

/** Opens an engine and waits until it has caught up, while a screen looks. What it then shows has to be open. */
export async function catchUp(open: () => Engine, ids: readonly ConversationId[]): Promise<Run> {
  let longestLookMs = 0
  let wanted = performance.now()
  let looks = 0
  const start = performance.now()
  const cpuStart = process.cpuUsage()
  const mainStart = process.threadCpuUsage()
  await using engine = open()
  const newest = (id: ConversationId) => engine.timeline({ conversationId: id, at: { kind: 'newest' } })
  const look = () => {
    const id = ids[looks++ % ids.length]
    engine.conversations()
    if (id !== undefined) newest(id)
    longestLookMs = Math.max(longestLookMs, performance.now() - wanted)
    wanted = performance.now() + lookEveryMs
    timer = setTimeout(look, lookEveryMs)
  }
  let timer = setTimeout(look, 0)
  await until(engine, () => isUp(engine))
  const ms = performance.now() - start
  const { user, system } = process.cpuUsage(cpuStart)
  const main = process.threadCpuUsage(mainStart)
  clearTimeout(timer)
  for (const id of ids) {
    const { items } = newest(id)
    const closed = items.filter(({ content }) => content.kind !== 'plain').length
    if (items.length === 0 || closed > 0) throw new Error(`${closed} of ${items.length} messages are closed`)
  }
  return { ms, cpuMs: (user + system) / 1_000, mainMs: (main.user + main.system) / 1_000, longestLookMs }
}
