import type { Readable } from 'node:stream'

/** What a command reads from and writes to. */
export interface Terminal {
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown }
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What relative paths start from. */
  readonly folder: string
  /** For results: a program may read them. */
  print(line: string): void
  /** For people: what went wrong, questions. */
  say(text: string): void
}

export function processTerminal(): Terminal {
  // Whoever read along may have gone: `parley serve | head -1` goes on serving.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
  return {
    stdin: process.stdin,
    environment: process.env,
    folder: process.cwd(),
    print: (line) => void process.stdout.write(`${line}\n`),
    say: (text) => void process.stderr.write(text),
  }
}
