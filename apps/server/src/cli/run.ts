import { Refusal } from '@parley/domain/refusal'
import { FolderInUse } from '../serve/folder-lock.ts'
import { readSettings, WrongSettings } from '../settings/read-settings.ts'
import { version } from '../version.ts'
import { adminCommands } from './admin-commands.ts'
import { checkCommand } from './check-command.ts'
import { type Command, type ExitCode, exitCodes, WrongUsage } from './command.ts'
import { readCommandLine } from './command-line.ts'
import { commandHelp, overview } from './help.ts'
import { restoredCommand } from './restored-command.ts'
import { serveCommand } from './serve-command.ts'
import type { Terminal } from './terminal.ts'

const helpCommand: Command = {
  words: ['help'],
  about: 'Says what there is. "parley help serve" says it of one command.',
  run: async () => exitCodes.done,
}

const versionCommand: Command = {
  words: ['version'],
  about: 'Prints the version.',
  async run({ terminal }) {
    terminal.print(version)
    return exitCodes.done
  },
}

const commands: readonly Command[] = [
  serveCommand,
  ...adminCommands,
  checkCommand,
  restoredCommand,
  helpCommand,
  versionCommand,
]

/** Runs what the command line asks for. @returns the exit code; it never throws. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await understood(argv, terminal)
  } catch (error) {
    return explained(error, terminal)
  }
}

async function understood(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (argv[0] === 'help') return help(argv.slice(1), terminal)
  if (argv[0] === '--version' || argv[0] === '-v') return understood(['version', ...argv.slice(1)], terminal)
  const line = readCommandLine(argv, commands)
  if (line.wantsHelp) return help(line.words, terminal)
  const { command } = line
  if (!command && line.words.length === 0) {
    terminal.say(`${overview(commands)}\n`)
    return exitCodes.wrongUsage
  }
  if (!command) throw new WrongUsage(`There is no command "${line.words.join(' ')}".`)
  return command.run({
    args: line.args,
    flags: line.own,
    terminal,
    settings: () =>
      readSettings({ flags: line.settings, environment: terminal.environment, folder: terminal.folder }),
  })
}

function help(words: readonly string[], terminal: Terminal): ExitCode {
  const exact = commands.find((command) => words.length > 0 && command.words.join(' ') === words.join(' '))
  if (exact) terminal.print(commandHelp(exact))
  else if (commands.some((command) => words.every((word, at) => command.words[at] === word))) {
    terminal.print(overview(commands, words))
  } else throw new WrongUsage(`There is no command "${words.join(' ')}".`)
  return exitCodes.done
}

function explained(error: unknown, terminal: Terminal): ExitCode {
  if (error instanceof WrongUsage) {
    terminal.say(`${error.message} "parley help" says what there is.\n`)
    return exitCodes.wrongUsage
  }
  if (error instanceof WrongSettings) {
    terminal.say(`${error.problems.join('\n')}\nNothing was started.\n`)
    return exitCodes.wrongUsage
  }
  if (error instanceof FolderInUse) {
    terminal.say(`${error.message}\n`)
    return exitCodes.folderInUse
  }
  if (error instanceof Refusal) {
    terminal.say(`${error.message} (${error.kind})\n`)
    return exitCodes.failed
  }
  terminal.say(`${error instanceof Error ? error.message : String(error)}\n`)
  return exitCodes.failed
}
