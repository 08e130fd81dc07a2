import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { z } from 'zod'
import { Settings, settingNames } from './schema.ts'
import type { SettingName } from './schema.ts'

/** What is wrong with the settings: each by its name, and where it came from. Nothing has been started. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

export interface SettingSources {
  /** By the flag's name, without its dashes. */
  readonly flags: ReadonlyMap<string, string>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** What relative paths of flags and variables start from. */
  readonly folder: string
}

/** The flag that names the configuration file, and the variable. Neither can stand in the file itself. */
export const configFlag = 'config'
export const configVariable = 'PARLEY_CONFIG'
const variablePrefix = 'PARLEY_'

/** Where a value came from, in words, and the value. */
interface Given {
  readonly name: SettingName
  readonly from: string
  readonly value: unknown
}

/**
 * Reads the settings: a flag goes before a variable of the environment, that before the file, and that before the
 * default. Relative paths in the file are relative to the file.
 *
 * @throws WrongSettings for what is wrong, unknown, or missing.
 */
export function readSettings(sources: SettingSources): Settings {
  const names = settingNames()
  const problems: string[] = []
  const given = new Map<string, Given>()
  for (const one of [
    ...fromFile(sources, names, problems),
    ...fromEnvironment(sources, names, problems),
    ...fromFlags(sources, names, problems),
  ]) {
    given.set(one.name.key, one)
  }
  const parsed = Settings.safeParse(assembled(given.values()))
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => inWords(issue, given)))
  if (problems.length > 0 || !parsed.success) throw new WrongSettings(problems)
  return { ...parsed.data, data: resolve(sources.folder, parsed.data.data) }
}

function* fromFlags(
  { flags }: SettingSources,
  names: readonly SettingName[],
  problems: string[],
): Generator<Given> {
  for (const [flag, text] of flags) {
    const name = names.find((one) => one.flag === flag)
    if (name) yield { name, from: `the flag --${flag}`, value: fromText(name, text) }
    else if (flag !== configFlag) problems.push(`The flag --${flag} is unknown.`)
  }
}

function* fromEnvironment(
  sources: SettingSources,
  names: readonly SettingName[],
  problems: string[],
): Generator<Given> {
  for (const [variable, text] of Object.entries(sources.environment)) {
    if (!variable.startsWith(variablePrefix) || variable === configVariable || text === undefined) continue
    const name = names.find((one) => one.variable === variable)
    if (name) yield { name, from: `the environment variable ${variable}`, value: fromText(name, text) }
    else problems.push(`The environment variable ${variable} is unknown: it names no setting.`)
  }
}

/** A number stays a text when it is none, so that the schema says what is wrong with it. */
function fromText(name: SettingName, text: string): unknown {
  if (name.type === 'number') return text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  if (name.type === 'list')
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  return text
}

function* fromFile(
  sources: SettingSources,
  names: readonly SettingName[],
  problems: string[],
): Generator<Given> {
  const asked = sources.flags.get(configFlag) ?? sources.environment[configVariable]
  if (asked === undefined) return
  const path = resolve(sources.folder, asked)
  const content = readJson(path, problems)
  if (content === undefined) return
  for (const [keys, value] of leavesOf(content, names)) {
    const key = keys.join('.')
    const name = names.find((one) => one.key === key)
    if (!name) problems.push(`"${key}" in ${path} is unknown: it names no setting.`)
    else
      yield {
        name,
        from: `"${key}" in ${path}`,
        value: key === 'data' && typeof value === 'string' ? resolve(dirname(path), value) : value,
      }
  }
}

function readJson(path: string, problems: string[]): object | undefined {
  let text
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    problems.push(
      `The configuration file ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    )
    return undefined
  }
  try {
    const content: unknown = JSON.parse(text)
    if (typeof content === 'object' && content !== null && !Array.isArray(content)) return content
    problems.push(`The configuration file ${path} must hold a JSON object.`)
  } catch {
    // What the parser says would quote the file, and with it the secrets that stand there.
    problems.push(`The configuration file ${path} is not JSON.`)
  }
  return undefined
}

/** The values of a file by their path. Only what groups settings is gone into. */
function* leavesOf(
  content: object,
  names: readonly SettingName[],
  path: readonly string[] = [],
): Generator<[path: readonly string[], value: unknown]> {
  for (const [key, value] of Object.entries(content) as [string, unknown][]) {
    const here = [...path, key]
    const isGroup = names.some(
      (name) => name.path.length > here.length && here.every((part, at) => name.path[at] === part),
    )
    if (isGroup && typeof value === 'object' && value !== null && !Array.isArray(value))
      yield* leavesOf(value, names, here)
    else yield [here, value]
  }
}

function assembled(given: Iterable<Given>): Record<string, unknown> {
  const whole: Record<string, unknown> = {}
  for (const { name, value } of given) {
    const [first = '', second] = name.path
    if (second === undefined) whole[first] = value
    else whole[first] = { ...(typeof whole[first] === 'object' ? whole[first] : {}), [second]: value }
  }
  return whole
}

function inWords(issue: z.core.$ZodIssue, given: ReadonlyMap<string, Given>): string {
  const path = issue.path.map(String)
  const message = issue.message.replace(/^Invalid (input|option): /, '')
  // An issue in a list has the item's place at its end.
  const keys = path.map((_, at) => path.slice(0, path.length - at).join('.'))
  const source = keys.map((key) => given.get(key)).find((one) => one !== undefined)
  if (source === undefined) return `The setting ${path.join('.')} ${message}.`
  const shown = source.name.secret ? '' : ` (it is ${JSON.stringify(source.value)})`
  return `The setting ${source.name.key}, from ${source.from}: ${message}${shown}.`
}
