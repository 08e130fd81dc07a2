import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** A log is moved aside at this size, and the one that was aside is dropped. */
export const logBytesMax = 1024 * 1024

type Field = string | number | boolean | null

export interface Log {
  info(event: string, fields?: Readonly<Record<string, Field>>): void
  /** A defect. Of an error only the name, the code and the stack are kept: messages may hold what people wrote. */
  error(event: string, error: unknown, fields?: Readonly<Record<string, Field>>): void
}

/**
 * Lines of JSON in a file, of named fields only: never content, tokens or passwords.
 *
 * @param echo also given each line, where somebody watches
 */
export function openLog(path: string, echo: (line: string) => void): Log {
  mkdirSync(dirname(path), { recursive: true })
  const write = (level: 'info' | 'error', event: string, fields: object): void => {
    const line = JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })
    echo(line)
    try {
      rotate(path)
      appendFileSync(path, `${line}\n`)
    } catch {
      // A full disk stops the log, and not the app.
    }
  }
  return {
    info: (event, fields = {}) => write('info', event, fields),
    error: (event, error, fields = {}) => write('error', event, { ...fields, ...describe(error) }),
  }
}

function rotate(path: string): void {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (bytes < logBytesMax) return
  rmSync(`${path}.old`, { force: true })
  renameSync(path, `${path}.old`)
}

function describe(error: unknown): Record<string, Field> {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  // The first lines of a stack repeat the message.
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  return { error: error.name, code, stack: frames.slice(0, 20).join('\n') }
}
