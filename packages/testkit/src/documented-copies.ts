import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type CommandResult, runCommand } from './run-command.ts'

const run = promisify(execFile)
const operating = new URL('../../../docs/operating.md', import.meta.url)

/** Backs a data folder up, and puts it back, by the very commands that `docs/operating.md` gives. */
export interface DocumentedCopies {
  /** The data folder of the commands. */
  readonly data: string
  /** While the server runs. */
  backUp(): Promise<void>
  /** While it is stopped. @returns what `parley check` said. */
  putBack(): Promise<CommandResult>
  /** Says that the folder was put back as a whole. */
  sayRestored(): Promise<CommandResult>
}

/** @param folder where the commands run: beside the data folder. */
export function documentedCopies(folder: string): DocumentedCopies {
  const perform = async (command: string): Promise<CommandResult> => {
    const [, ofParley] = /^npx parley (.+)$/.exec(command) ?? []
    if (ofParley !== undefined) return runCommand(ofParley.split(' '), { folder })
    const tools = await toolsIn(folder)
    const PATH = `${tools}:${process.env['PATH'] ?? ''}`
    const { stdout, stderr } = await run('sh', ['-ec', command], { cwd: folder, env: { PATH } })
    return { code: 0, stdout, stderr }
  }
  const all = async (commands: readonly string[]): Promise<CommandResult> => {
    let last: CommandResult | null = null
    for (const command of commands) last = await perform(command)
    if (!last) throw new Error('The document gives no commands')
    return last
  }
  return {
    data: join(folder, 'parley-data'),
    backUp: async () => void (await all(await commandsAfter('**Backup.**'))),
    putBack: async () => all(await commandsAfter('**Restore.**')),
    sayRestored: async () => all(await commandsAfter('A data folder that is moved as a whole')),
  }
}

async function commandsAfter(words: string): Promise<readonly string[]> {
  const text = await readFile(operating, 'utf8')
  const at = text.indexOf(words)
  const [, block] = /```\n([^`]+)```/.exec(text.slice(at)) ?? []
  if (at === -1 || block === undefined) throw new Error(`Nothing stands after ${words}`)
  return block.trim().split('\n')
}

/** The command line of SQLite, of which a machine that runs tests may have none: here it takes a file and a statement. */
async function toolsIn(folder: string): Promise<string> {
  const tools = join(folder, 'tools')
  await mkdir(tools, { recursive: true })
  const path = join(tools, 'sqlite3')
  const program = `const { DatabaseSync } = require('node:sqlite'); new DatabaseSync(process.argv[1]).exec(process.argv[2])`
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' -e "${program}" -- "$@"\n`)
  await chmod(path, 0o755)
  return tools
}
