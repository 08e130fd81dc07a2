import type { EngineRouter } from '../../engine/router.ts'
import type { DeskRouter } from '../../main/desk.ts'
import { Caller, clientOver } from '../../ports/caller.ts'
import { portOfPage } from '../../ports/port.ts'
import { handOver, isKind, listening } from '../../preload/hand-over.ts'

const toEngine = new Caller()
const toDesk = new Caller()

/** The process that holds the store and the connection. */
export const engine = clientOver<EngineRouter>(toEngine)
/** The process that owns the windows and speaks with the system. */
export const desk = clientOver<DeskRouter>(toDesk)

/** Takes up the ports as they come: at the start, and again whenever the engine was started again. */
export function takePorts(): void {
  window.addEventListener('message', (event) => {
    const [enginePort, deskPort] = event.ports
    if (event.source !== window || !isKind(event.data, handOver.kind) || !enginePort || !deskPort) return
    toEngine.attach(portOfPage(enginePort))
    toDesk.attach(portOfPage(deskPort))
  })
  window.postMessage(listening, window.location.origin)
}
