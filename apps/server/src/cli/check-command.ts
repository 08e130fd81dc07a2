import { existsSync } from 'node:fs'
import { checkDatabase } from '@parley/db/check'
import { openReading } from '@parley/db/open-reading'
import { checkContents } from '../files/check.ts'
import { type DataFolder, dataFolderAt, refuseMissing } from '../serve/data-folder.ts'
import { type Command, exitCodes } from './command.ts'

/** Something that stands out in a data folder. */
interface Noticed {
  readonly kind: string
  readonly what: string
  /** What is not wrong is only mentioned: the server tidies it up by itself. */
  readonly isWrong: boolean
}

export const checkCommand: Command = {
  words: ['check'],
  about:
    'Reads everything in the data folder and says what is wrong with it: damage to the database, a log that has gaps, attachments that are gone or changed. It changes nothing, and a server may run meanwhile.',
  async run(call) {
    const { terminal } = call
    const folder = dataFolderAt(call.settings().data)
    refuseMissing(folder)
    let wrong = 0
    for await (const { kind, what, isWrong } of noticedIn(folder)) {
      terminal.print(`${isWrong ? 'wrong' : 'note'}\t${kind}\t${what}`)
      if (isWrong) wrong += 1
    }
    if (wrong === 0) terminal.print(`Nothing is wrong with ${folder.path}.`)
    else terminal.say(`${wrong === 1 ? 'One thing is' : `${wrong} things are`} wrong with ${folder.path}.\n`)
    return wrong === 0 ? exitCodes.done : exitCodes.failed
  },
}

async function* noticedIn(folder: DataFolder): AsyncGenerator<Noticed> {
  if (!existsSync(folder.database)) throw new Error(`There is no database ${folder.database}.`)
  const url = `sqlite:${folder.database}`
  let damaged = false
  for await (const finding of checkDatabase(url)) {
    damaged ||= finding.kind === 'damaged'
    yield { ...finding, isWrong: finding.kind !== 'restored' }
  }
  // What a damaged database says of attachments would be wrong in its own ways.
  if (damaged || !existsSync(folder.attachments)) return
  await using opened = openReading(url)
  const { attachments } = opened.read
  for await (const { kind, name } of checkContents(opened.read, folder.attachments)) {
    // A server that runs meanwhile may have removed it since it was listed.
    if (kind === 'missing' && !(await attachments.isContentUsed(name))) continue
    yield { kind: `${kind} attachment`, what: name, isWrong: kind === 'missing' || kind === 'damaged' }
  }
}
