import { app, BrowserWindow, type NativeImage, nativeTheme, screen } from 'electron'
import { Changing } from '../changing.ts'
import type { Log } from '../log.ts'
import { pageUrl } from '../page/addresses.ts'
import { readJsonFile, writeJsonFile } from '../settings/json-file.ts'
import type { Attention } from './attention.ts'
import { webPreferences } from './preferences.ts'
import {
  firstWindowState,
  placeWindow,
  windowHeightMin,
  WindowState,
  windowWidthMin,
} from './window-state.ts'

interface MainWindowOptions {
  readonly preload: string
  readonly icon: NativeImage | undefined
  readonly stateFile: string
  readonly log: Log
  readonly zoomLevel: () => number
  /** Whether closing the window leaves the app running without one to be seen. */
  readonly hidesOnClose: () => boolean
  /** Told of each window that is made, before its page is loaded. */
  readonly prepare: (window: BrowserWindow) => void
}

/** What is seen before the page has painted, and at its edges while it is resized. */
const background = (): string => (nativeTheme.shouldUseDarkColors ? '#16171a' : '#ffffff')

/** The app's one window, made when it is needed. */
export class MainWindow {
  readonly attention = new Changing<Attention>({ focused: false, visible: false })
  readonly #options: MainWindowOptions
  #window: BrowserWindow | null = null
  #quitting = false

  constructor(options: MainWindowOptions) {
    this.#options = options
  }

  get current(): BrowserWindow | null {
    return this.#window
  }

  /** Shows the window in front of the others. */
  show(): void {
    const window = this.#window ?? this.open({ hidden: false })
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  /** @param hidden where the app starts with the person's session: it is there, and in nobody's way */
  open({ hidden }: { readonly hidden: boolean }): BrowserWindow {
    const { preload, icon, stateFile, prepare, zoomLevel } = this.#options
    const state = WindowState.safeParse(readJsonFile(stateFile)).data ?? firstWindowState
    const primary = screen.getPrimaryDisplay()
    const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id)
    const areas = [primary, ...others].map((display) => display.workArea)
    const window = new BrowserWindow({
      ...placeWindow(state.bounds, areas),
      minWidth: windowWidthMin,
      minHeight: windowHeightMin,
      show: false,
      title: app.getName(),
      autoHideMenuBar: true,
      backgroundColor: background(),
      ...(icon && { icon }),
      webPreferences: { ...webPreferences(preload), zoomFactor: 1.2 ** zoomLevel() },
    })
    this.#window = window
    if (state.maximised) window.maximize()
    // Maximising shows a window on some systems; an app that starts in the tray stays there.
    if (hidden) window.hide()
    this.#listen(window, hidden)
    prepare(window)
    window.loadURL(pageUrl).catch((error: unknown) => this.#options.log.error('page-not-loaded', error))
    return window
  }

  zoomTo(level: number): void {
    this.#window?.webContents.setZoomLevel(level)
  }

  matchTheme(): void {
    this.#window?.setBackgroundColor(background())
  }

  /** A frame that flashes, or an icon that jumps, until the window is looked at. */
  askAttention(): void {
    if (this.attention.value.focused) return
    this.#window?.flashFrame(true)
    app.dock?.bounce('informational')
  }

  /** From now on closing the window closes it. */
  quit(): void {
    this.#quitting = true
  }

  #listen(window: BrowserWindow, hidden: boolean): void {
    if (!hidden) window.once('ready-to-show', () => window.show())
    const look = () =>
      this.attention.set({
        focused: window.isFocused(),
        visible: window.isVisible() && !window.isMinimized(),
      })
    window.on('focus', () => {
      window.flashFrame(false)
      look()
    })
    window.on('blur', look)
    window.on('show', look)
    window.on('hide', look)
    window.on('minimize', look)
    window.on('restore', look)
    window.on('close', (event) => {
      this.#remember(window)
      if (this.#quitting || !this.#options.hidesOnClose()) return
      event.preventDefault()
      window.hide()
    })
    window.once('closed', () => {
      this.#window = null
      this.attention.set({ focused: false, visible: false })
    })
  }

  #remember(window: BrowserWindow): void {
    const state: WindowState = { bounds: window.getNormalBounds(), maximised: window.isMaximized() }
    try {
      writeJsonFile(this.#options.stateFile, state)
    } catch (error) {
      this.#options.log.error('window-state-not-kept', error)
    }
  }
}
