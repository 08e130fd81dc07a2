import { fileURLToPath } from 'node:url'
import type { FromLoad, ToLoad } from './load/messages.ts'
import type { ProtocolName } from './load/protocol.ts'
import type { Figures } from './load/stage.ts'
import { endChild, startPinned } from './pinned.ts'
import type { ServerProcess } from './server-process.ts'
import type { Laid } from './world.ts'

export interface LoadProcess extends AsyncDisposable {
  prepare(workload: string, protocol: ProtocolName, laid: Laid): Promise<void>
  round(): Promise<Figures>
}

/** Starts a process of clients for one server, and passes its questions on to that server's probe. */
export function startLoad(core: number | null, server: ServerProcess): LoadProcess {
  const script = fileURLToPath(new URL('load/main.ts', import.meta.url))
  const child = startPinned({ core, args: [script] })
  let done: ((figures: Figures) => void) | null = null
  let failed: ((error: Error) => void) | null = null

  child.stdout?.pipe(process.stderr)
  child.on('exit', (code) => failed?.(new Error(`the load process ended with ${code}`)))
  child.on('message', (message: FromLoad) => {
    if ('ask' in message)
      void server.ask(message.ask).then((answer) => child.send({ answer } satisfies ToLoad))
    else done?.('figures' in message ? message.figures : {})
  })

  const command = (message: ToLoad): Promise<Figures> =>
    new Promise((resolve, reject) => {
      done = resolve
      failed = reject
      child.send(message)
    })

  return {
    async prepare(workload, protocol, laid) {
      await command({ prepare: workload, protocol, address: server.address, laid })
    },
    round: () => command({ round: true }),
    async [Symbol.asyncDispose]() {
      failed = null
      await endChild(child)
    },
  }
}
