import { complain } from '../live/act.ts'
import { desk, engine } from '../live/clients.ts'
import { notice } from '../state/notices.ts'

/** A recovery code, and what somebody who finds it in a drawer years later has to know. */
export interface CodeToKeep {
  readonly code: string
  readonly displayName: string
  readonly username: string
  readonly serverName: string
  readonly url: string
  /** Milliseconds since 1970. */
  readonly madeAt: number
}

export const codeWords = {
  purpose: 'It opens your encrypted conversations on a new device when you have lost all others.',
  how: 'Sign in on the new device, open an encrypted conversation, and choose “Use the recovery code”.',
  care: 'Whoever has it and can sign in as you can read them, too: keep it where only you get at it.',
} as const

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'long', year: 'numeric' })

/** What it belongs to, as lines of a name and what it is. */
export const codeFacts = (kept: CodeToKeep): readonly (readonly [string, string])[] => [
  ['Account', `${kept.displayName} (${kept.username})`],
  ['Server', `${kept.serverName}, ${kept.url}`],
  ['Made on', day.format(kept.madeAt)],
]

const nameOfFile = 'Parley recovery code'

/** Lets the person choose a file for a recovery code, and writes it there, with what it is good for. */
export async function saveCode(kept: CodeToKeep): Promise<void> {
  try {
    const file = await desk.files.save.mutate({ suggestedName: `${nameOfFile}.txt` })
    if (!file) return
    await engine.encryption.saveRecoveryCode.mutate({ handle: file.handle, text: codeText(kept) })
    said(file.name)
  } catch (error) {
    complain(error)
  }
}

/** The same as a page to be printed, as `PrintedCode` shows it meanwhile. */
export async function savePage(): Promise<void> {
  try {
    const name = await desk.files.print.mutate({ suggestedName: `${nameOfFile}.pdf` })
    if (name !== null) said(name)
  } catch (error) {
    complain(error)
  }
}

const said = (name: string) => notice({ tone: 'plain', text: `The recovery code was saved as ${name}.` })

export const codeText = (kept: CodeToKeep): string =>
  [
    'Parley recovery code',
    '',
    ...codeFacts(kept).map(([name, value]) => `${name}: ${value}`),
    '',
    kept.code,
    '',
    codeWords.purpose,
    codeWords.how,
    codeWords.care,
    '',
  ].join('\n')
