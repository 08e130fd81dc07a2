import {
  ipcMain,
  MessageChannelMain,
  type MessagePortMain,
  type WebContents,
  type WebFrameMain,
} from 'electron'
import { portsChannel } from '../../preload/hand-over.ts'
import { isOurPage } from '../page/addresses.ts'

interface PortGiverOptions {
  /** Each takes the far end of a port that a page was given. */
  readonly connectEngine: (port: MessagePortMain) => void
  readonly serveDesk: (port: MessagePortMain) => void
  readonly refused: () => void
}

interface Given {
  /** The very page that asked, and not whatever its window shows later. */
  readonly frame: WebFrameMain
  /** The desk's end of its port. */
  readonly desk: MessagePortMain
}

/** Gives each of our pages a port to the engine and a port to the desk, and new ones when the engine is a new one. */
export class PortGiver {
  readonly #options: PortGiverOptions
  readonly #given = new Map<WebContents, Given>()

  constructor(options: PortGiverOptions) {
    this.#options = options
  }

  start(): void {
    ipcMain.on(portsChannel, ({ sender, senderFrame }) => {
      if (!senderFrame || !isOurPage(senderFrame)) return this.#options.refused()
      if (!this.#given.has(sender)) sender.once('destroyed', () => this.#forget(sender))
      this.#give(sender, senderFrame)
    })
  }

  /** The engine was started again. Pages that have not asked yet will. */
  renew(): void {
    for (const [window, { frame }] of this.#given) this.#give(window, frame)
  }

  #give(window: WebContents, frame: WebFrameMain): void {
    // A page that goes is not always told of before what it sent arrives.
    if (frame.isDestroyed() || frame.detached) return
    this.#given.get(window)?.desk.close()
    const engine = new MessageChannelMain()
    const desk = new MessageChannelMain()
    this.#given.set(window, { frame, desk: desk.port1 })
    this.#options.connectEngine(engine.port1)
    this.#options.serveDesk(desk.port1)
    frame.postMessage(portsChannel, null, [engine.port2, desk.port2])
  }

  #forget(window: WebContents): void {
    this.#given.get(window)?.desk.close()
    this.#given.delete(window)
  }
}
