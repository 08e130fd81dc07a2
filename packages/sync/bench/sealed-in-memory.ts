import { join } from 'node:path'
import { type Engine, openEngine } from '@parley/sync/engine'
import { catchUp, isUp, type Run, until } from './catching-up.ts'
import { SealedHistory } from './sealed-history.ts'

const key = new Uint8Array(32).fill(1)

/** One conversation, without a network: there is nothing but the engine's own work to compare with. */
export async function inMemory(
  folder: string,
  isSealed: boolean,
  messages: number,
  run: number,
): Promise<Run> {
  const path = join(folder, `${isSealed ? 'sealed' : 'plain'} ${run}.db`)
  const history = new SealedHistory(isSealed)
  const open = (): Engine =>
    openEngine({
      ...{ path, key, carriesBeside: true },
      connect: () => history.server,
      onDefect: (error) => console.error(error),
    })
  {
    await using engine = open()
    await until(engine, () => isUp(engine) && engine.encryption().kind === 'ready')
  }
  // The conversation is known, and somebody in it.
  await history.say(1)
  {
    await using engine = open()
    await until(engine, () => isUp(engine) && engine.conversation(history.id)?.sealing?.state !== 'waiting')
  }
  await history.say(messages)
  return catchUp(open, [history.id])
}
