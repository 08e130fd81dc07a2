import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, signUp } from '@parley/testkit/people'
import { type ServerOptions, startServer } from '@parley/testkit/start-server'
import type { Engine } from '@parley/sync/engine'
import { caughtUp, openDevice, until } from './devices.ts'

/** A server, a group of two in it, and a device of the founder behind a proxy that can take the network away. */
export async function stage(options: ServerOptions = {}) {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await startServer(options))
  const ada = stack.use(await signUp(server))
  const bob = stack.use(await signUp(server))
  const id = await makeGroup(ada, [bob])
  const proxy = stack.use(await openFaultProxy(server.url))
  const device = stack.use(openDevice({ url: proxy.through(server.url) }, ada))
  const { engine } = device
  await caughtUp(engine)
  return {
    server,
    ada,
    bob,
    id,
    device,
    engine,
    proxy,
    async goOffline() {
      proxy.refuse()
      await until(engine, () => engine.connection().kind === 'waiting')
    },
    goOnline(of: Engine = engine) {
      proxy.resume()
      of.retryNow()
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  }
}
