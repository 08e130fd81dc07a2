import type { WebContents } from 'electron'
import type { Log } from '../log.ts'
import { pageUrl } from '../page/addresses.ts'

/** A page that ends more often than that within a minute is left alone, as loading it again would not help. */
export const reloadsPerMinuteMax = 3

/** Loads the page again when its process ends: what it showed is in the engine's store. */
export function recoverPage(contents: WebContents, log: Log): void {
  let reloadedAt: number[] = []
  contents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log.error('page-ended', null, { reason, exitCode })
    if (reason === 'clean-exit') return
    const now = performance.now()
    reloadedAt = [...reloadedAt.filter((at) => now - at < 60_000), now]
    if (reloadedAt.length > reloadsPerMinuteMax) return
    // Not by `reload`, which does nothing for a page that ended before it was there.
    contents.loadURL(pageUrl).catch((cause: unknown) => log.error('page-not-loaded', cause))
  })
  contents.on('unresponsive', () => log.info('page-hangs'))
  contents.on('preload-error', (_event, _path, error) => log.error('preload-failed', error))
}
