import { parseArgs } from 'node:util'
import type { ParseArgsConfig } from 'node:util'
import { configFlag } from '../settings/read-settings.ts'
import { settingNames } from '../settings/schema.ts'
import { type Command, WrongUsage } from './command.ts'

/** A command line that has been understood. */
export interface CommandLine {
  readonly command: Command | null
  readonly wantsHelp: boolean
  readonly words: readonly string[]
  readonly args: readonly string[]
  /** Flags of the command itself. */
  readonly own: ReadonlyMap<string, string>
  /** The flags of settings, and those that nothing knows: whoever reads the settings says so. */
  readonly settings: ReadonlyMap<string, string>
}

/** @throws WrongUsage for flags without their value, or given twice, and for what no command takes. */
export function readCommandLine(argv: readonly string[], commands: readonly Command[]): CommandLine {
  const { words, flags } = tokensOf(argv, commands)
  const wantsHelp = flags.delete('help')
  const command = commandOf(words, commands)
  const args = words.slice(command?.words.length ?? 0)
  if (!command || wantsHelp) return { command, wantsHelp, words, args, own: new Map(), settings: flags }
  const takes = command.takes ?? []
  if (args.length > takes.length)
    throw new WrongUsage(`"${command.words.join(' ')}" does not take "${args[takes.length]}".`)
  if (args.length < takes.length)
    throw new WrongUsage(`"${command.words.join(' ')}" needs ${takes.slice(args.length).join(' and ')}.`)
  const isOwn = (flag: string) => Object.hasOwn(command.flags ?? {}, flag)
  return {
    command,
    wantsHelp,
    words,
    args,
    own: new Map([...flags].filter(([flag]) => isOwn(flag))),
    settings: new Map([...flags].filter(([flag]) => !isOwn(flag))),
  }
}

function tokensOf(argv: readonly string[], commands: readonly Command[]) {
  const withValue = new Set([configFlag, ...settingNames().map(({ flag }) => flag)])
  const switches = new Set(['help'])
  for (const [flag, { value }] of commands.flatMap((command) => Object.entries(command.flags ?? {}))) {
    if (value === undefined) switches.add(flag)
    else withValue.add(flag)
  }
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const flag of withValue) options[flag] = { type: 'string' }
  for (const flag of switches) options[flag] = { type: 'boolean', ...(flag === 'help' && { short: 'h' }) }
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const words: string[] = []
  const flags = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    if (flags.has(name)) throw new WrongUsage(`The flag ${rawName} is given twice.`)
    if (switches.has(name) && value !== undefined) throw new WrongUsage(`The flag ${rawName} takes no value.`)
    // `--data --port 1` is a slip, and not a folder by that name.
    if (withValue.has(name) && (value === undefined || (!inlineValue && value.startsWith('--')))) {
      throw new WrongUsage(`The flag ${rawName} needs a value.`)
    }
    flags.set(name, value ?? '')
  }
  return { words, flags }
}

/** The command of the first words; of several, the one with the most. */
function commandOf(words: readonly string[], commands: readonly Command[]): Command | null {
  const fitting = commands.filter((command) => command.words.every((word, at) => words[at] === word))
  return fitting.toSorted((one, other) => other.words.length - one.words.length)[0] ?? null
}
