import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { Host } from '../../src/engine/host.ts'
import { type EngineRouter, engineRouter } from '../../src/engine/router.ts'
import { knownTrouble } from '../../src/engine/trpc.ts'
import { Caller, clientOver, portErrorOf } from '../../src/ports/caller.ts'
import { portOfPage } from '../../src/ports/port.ts'
import { serve } from '../../src/ports/serve.ts'
import { type TestDesk, makeDesk } from './desk.ts'

export type EngineClient = ReturnType<typeof clientOver<EngineRouter>>

/** The engine process of a device, without Electron, and a screen that is connected to it. */
export interface TestDevice extends AsyncDisposable {
  readonly engine: EngineClient
  readonly desk: TestDesk
  readonly folder: string
  /** Takes the defects that a test brought about, so that they are expected of it. */
  takeDefects(): unknown[]
  /** Ends the process, and starts it again on the same folder. */
  restart(): Promise<void>
}

export async function openDevice({ keyring = true } = {}): Promise<TestDevice> {
  const folder = temporaryFolder('parley-device')
  const desk = makeDesk({ keyring })
  const caller = new Caller()
  const defects: unknown[] = []
  const start = async () => {
    const host = new Host({ folder: folder.path, desk, onDefect: (error) => defects.push(error) })
    await host.start()
    const { port1, port2 } = new MessageChannel()
    serve(portOfPage(port1), {
      router: engineRouter,
      context: { host },
      troubleOf(error) {
        const known = knownTrouble(error)
        if (!known) defects.push(error)
        return known ?? { kind: 'defect', message: String(error) }
      },
    })
    caller.attach(portOfPage(port2))
    return { host, close: () => port1.close() }
  }
  let running = await start()
  const stop = async () => {
    running.close()
    await running.host[Symbol.asyncDispose]()
  }
  return {
    engine: clientOver<EngineRouter>(caller),
    desk,
    folder: folder.path,
    takeDefects: () => defects.splice(0),
    async restart() {
      await stop()
      running = await start()
    },
    async [Symbol.asyncDispose]() {
      await stop()
      folder[Symbol.dispose]()
      if (defects.length > 0) throw new AggregateError(defects, 'The engine had defects')
    },
  }
}

/** Asks again at every change, until there is an answer. */
export function until<Answer>(
  { engine }: Pick<TestDevice, 'engine'>,
  ask: (engine: EngineClient) => Promise<Answer | null | undefined | false>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let again = false
    let asking = false
    const look = async () => {
      again = true
      if (asking) return
      asking = true
      while (again) {
        again = false
        const answer = await ask(engine)
        if (answer === null || answer === undefined || answer === false) continue
        changes.unsubscribe()
        resolve(answer)
        return
      }
      asking = false
    }
    const changes = engine.app.changes.subscribe(undefined, {
      onData: () => void look().catch(reject),
      onError: reject,
    })
  })
}

/** The kind with which a call is refused; null when it is not. @throws what is no refusal */
export async function refusalOf(work: Promise<unknown>): Promise<string | null> {
  try {
    await work
    return null
  } catch (error) {
    const trouble = portErrorOf(error)
    if (!trouble) throw error
    return trouble.kind
  }
}
