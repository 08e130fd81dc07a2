import { app } from 'electron'

interface QuitOptions {
  readonly window: { quit(): void }
  /** Takes a bounded time. */
  readonly close: () => Promise<void>
}

export interface Quitting {
  /** Does what has to be done before the app ends, once. */
  prepare(): Promise<void>
}

/** Lets the app end only once everything is on disk. */
export function quitGracefully({ window, close }: QuitOptions): Quitting {
  let closed = false
  let closing: Promise<void> | null = null
  const prepare = () => {
    window.quit()
    closing ??= close().finally(() => {
      closed = true
    })
    return closing
  }
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    void prepare().finally(() => app.quit())
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  return { prepare }
}
