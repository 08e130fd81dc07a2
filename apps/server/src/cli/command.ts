import type { Settings } from '../settings/schema.ts'
import type { Terminal } from './terminal.ts'

export const exitCodes = { done: 0, failed: 1, wrongUsage: 2, folderInUse: 3 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** The command line is not one of Parley's. Nothing has been started. */
export class WrongUsage extends Error {
  override readonly name = 'WrongUsage'
}

export interface CommandFlag {
  /** What stands for its value in the help; a flag without one is there or not. */
  readonly value?: string
  readonly about: string
}

/** A command as it was called. */
export interface Call {
  readonly args: readonly string[]
  /** The command's own flags; one without a value is there with an empty text. */
  readonly flags: ReadonlyMap<string, string>
  readonly terminal: Terminal
  /** @throws WrongSettings */
  settings(): Settings
}

export interface Command {
  /** `['admin', 'accounts', 'make']` */
  readonly words: readonly string[]
  /** Names of what it takes after them: `['USERNAME']`. All are needed. */
  readonly takes?: readonly string[]
  readonly about: string
  /** Its own flags, beside the settings. */
  readonly flags?: Readonly<Record<string, CommandFlag>>
  run(call: Call): Promise<ExitCode>
}
