import { configFlag, configVariable } from '../settings/read-settings.ts'
import { settingNames } from '../settings/schema.ts'
import type { Command } from './command.ts'

const widthChars = 100

/** What there is, or below the words of a group of commands. */
export function overview(commands: readonly Command[], below: readonly string[] = []): string {
  const listed = commands.filter((command) => below.every((word, at) => command.words[at] === word))
  return [
    'Parley: team chat that you host yourself.',
    '',
    'Commands:',
    ...rows(listed.map((command) => [usageOf(command), command.about])),
    '',
    'parley help COMMAND says more about one.',
  ].join('\n')
}

export function commandHelp(command: Command): string {
  const own = Object.entries(command.flags ?? {}).map(([flag, { value, about }]): [string, string] => [
    `--${flag}${value === undefined ? '' : ` ${value}`}`,
    about,
  ])
  const settings = settingNames().map((name): [string, string] => [
    `--${name.flag} ${name.value}`,
    `${name.about}.${name.default === undefined || name.default === '' ? '' : ` Default: ${name.default}`} [${name.variable}]`,
  ])
  return [
    `parley ${usageOf(command)}`,
    '',
    ...wrapped(command.about, widthChars),
    ...(own.length > 0 ? ['', 'Flags:', ...rows(own)] : []),
    '',
    'Settings, each also as an environment variable, or in a JSON file (a flag goes before the variable, that',
    'before the file; serverName in the file is --server-name here, and oidc.issuer is --oidc-issuer):',
    ...rows([[`--${configFlag} FILE`, `The file. [${configVariable}]`], ...settings]),
  ].join('\n')
}

const usageOf = (command: Command) => [...command.words, ...(command.takes ?? [])].join(' ')

function rows(entries: readonly (readonly [head: string, about: string])[]): string[] {
  const indent = 4
  return entries.flatMap(([head, about]) => [
    `  ${head}`,
    ...wrapped(about, widthChars - indent).map((line) => ' '.repeat(indent) + line),
  ])
}

function wrapped(text: string, chars: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < chars) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
