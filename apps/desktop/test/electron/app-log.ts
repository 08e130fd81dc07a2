import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Page } from 'playwright-core'

/** A line of the app's own log. */
export interface LogLine {
  readonly level: string
  readonly event: string
  readonly [field: string]: unknown
}

/** Events of the log that no app may write that is well. */
const defects: ReadonlySet<string> = new Set([
  'uncaught',
  'unhandled-rejection',
  'desk-failed',
  'engine-warns',
  'engine-did-not-close',
  'preload-failed',
])

/**
 * A debugger that is attached before a window has gone to its page has Electron look for a preload in the empty one, and
 * complain that there is none. A preload of ours that fails is `preload-failed`, above.
 */
const ofDebugger = /sandboxed_renderer\.bundle\.js script failed to run|property 'preloadScripts' of/

/** What an app says while it runs. */
export class AppLog {
  readonly lines: LogLine[] = []
  /** What nobody expected. A test that expects some of it takes it out. */
  readonly problems: string[] = []
  readonly #told = new EventEmitter()

  readProcess(child: ChildProcess): void {
    if (!child.stderr) throw new Error('The app was started without its standard error output')
    createInterface(child.stderr).on('line', (text) => {
      const line = lineOf(text)
      if (!line) return
      this.lines.push(line)
      if (defects.has(line.event)) this.problems.push(text)
      this.#told.emit('line')
    })
  }

  readPage(page: Page): void {
    page.on('pageerror', (error) => this.problems.push(`page: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (message.type() !== 'error' || ofDebugger.test(message.text())) return
      this.problems.push(`console: ${message.text()}`)
    })
  }

  /** Waits for an event of the log, which may have been written before. */
  async event(event: string): Promise<LogLine> {
    for (;;) {
      const line = this.lines.find((each) => each.event === event)
      if (line) return line
      await once(this.#told, 'line')
    }
  }

  /** @throws with everything that went wrong. */
  assertQuiet(): void {
    if (this.problems.length > 0) throw new Error(`The app was not well:\n${this.problems.join('\n')}`)
  }
}

function lineOf(text: string): LogLine | null {
  if (!text.startsWith('{"time":')) return null
  return JSON.parse(text) as LogLine
}
