import { openDatabase } from '@parley/db/open'
import { existsSync } from 'node:fs'
import { dataFolderAt, refuseMissing } from '../serve/data-folder.ts'
import { takeFolder } from '../serve/folder-lock.ts'
import { type Command, exitCodes } from './command.ts'

export const restoredCommand: Command = {
  words: ['restored'],
  about:
    'Says that the data folder was put back to an older state as a whole, such as by a snapshot of the disk, which the server cannot see: its log gets a new id, so that clients start anew. The server must be stopped.',
  async run(call) {
    const settings = call.settings()
    const folder = dataFolderAt(settings.data)
    refuseMissing(folder)
    if (!existsSync(folder.database)) throw new Error(`There is no database ${folder.database}.`)
    using _ = takeFolder(folder)
    const db = await openDatabase(`sqlite:${folder.database}`, {
      pagesMax: settings.dataPagesMax,
      search: false,
      isRestored: true,
    })
    await db.close()
    call.terminal.print(`The log of ${folder.path} has a new id: clients will start anew.`)
    return exitCodes.done
  },
}
