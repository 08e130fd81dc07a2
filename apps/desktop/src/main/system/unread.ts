import { app, Menu, Tray, type BrowserWindow } from 'electron'
import type { Icons } from './icons.ts'

interface UnreadSignsOptions {
  readonly icons: Icons
  readonly window: () => BrowserWindow | null
  readonly onOpen: () => void
  readonly onQuit: () => void
}

/** Where the system shows that there is something to read: the tray, the dock or launcher, the task bar. */
export class UnreadSigns {
  readonly #options: UnreadSignsOptions
  #tray: Tray | null = null
  #unread = 0

  constructor(options: UnreadSignsOptions) {
    this.#options = options
  }

  start(): void {
    const { icons, onOpen, onQuit } = this.#options
    const tray = new Tray(icons.tray(false))
    tray.setToolTip(app.getName())
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Parley', click: onOpen },
        { type: 'separator' },
        { label: 'Quit', click: onQuit },
      ]),
    )
    // A press on macOS opens the menu, as people expect it there.
    if (process.platform !== 'darwin') tray.on('click', onOpen)
    this.#tray = tray
  }

  set(unread: number): void {
    if (unread === this.#unread) return
    this.#unread = unread
    const { icons } = this.#options
    this.#tray?.setImage(icons.tray(unread > 0))
    this.#tray?.setToolTip(unread > 0 ? `${app.getName()} (${unread} unread)` : app.getName())
    app.setBadgeCount(unread)
    this.markWindow()
  }

  /** Windows forgets it with each window. */
  markWindow(): void {
    if (process.platform !== 'win32') return
    const image = this.#unread > 0 ? this.#options.icons.overlay : null
    this.#options.window()?.setOverlayIcon(image, image ? `${this.#unread} unread` : '')
  }

  close(): void {
    this.#tray?.destroy()
    this.#tray = null
  }
}
