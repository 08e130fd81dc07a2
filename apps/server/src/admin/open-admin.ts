import { openChat } from '@parley/chat/chat'
import { systemClock } from '@parley/chat/clock'
import { openDatabase } from '@parley/db/open'
import { chatLog, type Log } from '../logs/log.ts'
import { dataFolderAt, refuseMissing } from '../serve/data-folder.ts'
import { takeFolder } from '../serve/folder-lock.ts'
import type { Settings } from '../settings/schema.ts'
import type { Admin } from './actions.ts'
import { reachServer } from './control-client.ts'

/**
 * Whoever carries out admin actions on a data folder: the server that runs on it, or, when none does, this process.
 * @throws FolderInUse when somebody else has the folder and cannot be reached, as while a server starts.
 */
export async function openAdmin(settings: Settings, log: Log): Promise<Admin> {
  const folder = dataFolderAt(settings.data)
  refuseMissing(folder)
  const running = await reachServer(folder)
  if (running) return running
  await using opened = new AsyncDisposableStack()
  opened.use(takeFolder(folder))
  const db = await openDatabase(`sqlite:${folder.database}`, {
    pagesMax: settings.dataPagesMax,
    search: false,
  })
  opened.defer(() => db.close())
  const { signUp, passwords, rateFactor } = settings
  const chat = openChat({
    db,
    clock: systemClock,
    settings: { signUp, passwords, rateFactor },
    log: chatLog(log),
  })
  opened.defer(() => chat.close())
  const all = opened.move()
  return {
    url: null,
    ask: (action, given) => action.perform(chat, given),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
