import { complain } from '../live/act.ts'
import { desk, engine } from '../live/clients.ts'
import { notice } from '../state/notices.ts'

/** Lets the person choose a file for a recovery code, and writes it there, with what it is good for. */
export async function saveCode(code: string, whose: string): Promise<void> {
  try {
    const file = await desk.files.save.mutate({ suggestedName: 'Parley recovery code.txt' })
    if (!file) return
    await engine.encryption.saveRecoveryCode.mutate({ handle: file.handle, text: textWith(code, whose) })
    notice({ tone: 'plain', text: `The recovery code was saved as ${file.name}.` })
  } catch (error) {
    complain(error)
  }
}

const textWith = (code: string, whose: string) =>
  [
    `Recovery code of ${whose} for Parley`,
    '',
    code,
    '',
    'It opens your encrypted conversations on a new device when you have no other one any more.',
    'Whoever has it and can sign in as you can read them: keep it where only you get at it.',
    '',
  ].join('\n')
