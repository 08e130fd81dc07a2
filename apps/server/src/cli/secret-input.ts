import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { WrongUsage } from './command.ts'
import type { Terminal } from './terminal.ts'

/**
 * A password from standard input: its first line, or, at a terminal, what is typed there unseen. Never from a flag:
 * other users of the machine can read those.
 */
export async function readSecret(terminal: Terminal, what: string): Promise<string> {
  if (terminal.stdin.isTTY !== true) {
    const line = await firstLine(terminal)
    if (line === '') throw new WrongUsage(`Give the ${what} on standard input.`)
    return line
  }
  const secret = await typedUnseen(terminal, `New ${what}: `)
  const again = await typedUnseen(terminal, 'The same again: ')
  if (secret !== again) throw new WrongUsage('The two are not the same.')
  return secret
}

async function firstLine(terminal: Terminal): Promise<string> {
  const lines = createInterface({ input: terminal.stdin })
  for await (const line of lines) return line
  return ''
}

function typedUnseen(terminal: Terminal, question: string): Promise<string> {
  terminal.say(question)
  // The terminal's own echo is off while readline reads, and readline's goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: terminal.stdin, output: nowhere, terminal: true, historySize: 0 })
  return new Promise((resolve, reject) => {
    lines.once('line', (line) => {
      terminal.say('\n')
      resolve(line)
      lines.close()
    })
    lines.once('SIGINT', () => {
      terminal.say('\n')
      reject(new WrongUsage('Nothing was changed.'))
      lines.close()
    })
    lines.once('close', () => reject(new WrongUsage('Nothing was typed.')))
  })
}
