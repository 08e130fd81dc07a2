import { ipcMain, MessageChannelMain, type MessagePortMain, type WebContents } from 'electron'
import { portsChannel } from '../../preload/hand-over.ts'
import { isOurPage } from '../page/addresses.ts'

interface PortGiverOptions {
  /** Each takes the far end of a port that a window was given. */
  readonly connectEngine: (port: MessagePortMain) => void
  readonly serveDesk: (port: MessagePortMain, window: WebContents) => void
  readonly refused: () => void
}

/** Gives each of our pages a port to the engine and a port to the desk, and new ones when the engine is a new one. */
export class PortGiver {
  readonly #options: PortGiverOptions
  /** The desk's ends of the ports that pages hold. */
  readonly #given = new Map<WebContents, MessagePortMain>()

  constructor(options: PortGiverOptions) {
    this.#options = options
  }

  start(): void {
    ipcMain.on(portsChannel, (event) => {
      if (!isOurPage(event.senderFrame)) return this.#options.refused()
      if (!this.#given.has(event.sender)) event.sender.once('destroyed', () => this.#forget(event.sender))
      this.#give(event.sender)
    })
  }

  /** The engine was started again. Pages that have not asked yet will. */
  renew(): void {
    for (const window of this.#given.keys()) this.#give(window)
  }

  #give(window: WebContents): void {
    if (window.isDestroyed()) return
    this.#given.get(window)?.close()
    const engine = new MessageChannelMain()
    const desk = new MessageChannelMain()
    this.#given.set(window, desk.port1)
    this.#options.connectEngine(engine.port1)
    this.#options.serveDesk(desk.port1, window)
    window.mainFrame.postMessage(portsChannel, null, [engine.port2, desk.port2])
  }

  #forget(window: WebContents): void {
    this.#given.get(window)?.close()
    this.#given.delete(window)
  }
}
