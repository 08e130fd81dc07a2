import type { Chat } from '@parley/chat/chat'
import { type Clock, systemClock } from '@parley/chat/clock'
import { openLog } from '@parley/server/logs/log'
import { openParley } from '@parley/server/serve/parley'
import { Settings } from '@parley/server/settings/schema'
import type { z } from 'zod'
import { temporaryFolder } from './temporary-folder.ts'

/** High enough that no test meets a rate limit but those that set their own. */
export const unlimitedRates = 1e6

export interface ServerOptions {
  /** On top of: a free port, open sign-up, a folder of its own, and rates without limits. */
  readonly settings?: z.input<typeof Settings>
  readonly clock?: Clock
}

/** A server that runs in the process of the test. */
export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:…` */
  readonly url: string
  readonly data: string
  readonly chat: Chat
  /** Makes its maker the operator; null where there were accounts. */
  readonly setupSecret: string | null
  /** What it has logged so far, each line a JSON object. */
  readonly logged: readonly string[]
  close(): Promise<void>
}

/** Starts the real server on a free port. Its folder goes with it, unless the settings name one. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const folder = options.settings?.data === undefined ? temporaryFolder() : null
  const settings = Settings.parse({
    port: 0,
    signUp: 'open',
    rateFactor: unlimitedRates,
    logLevel: 'debug',
    data: folder?.path,
    ...options.settings,
  })
  const logged: string[] = []
  const log = openLog(settings, {
    isTerminal: false,
    write: (line) => void logged.push(line),
    flush: () => {},
  })
  try {
    const parley = await openParley({ settings, clock: options.clock ?? systemClock, log })
    const close = async () => {
      await parley.close()
      folder?.[Symbol.dispose]()
    }
    const { url, chat, setupSecret } = parley
    return { url, chat, setupSecret, data: settings.data, logged, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    folder?.[Symbol.dispose]()
    throw error
  }
}
