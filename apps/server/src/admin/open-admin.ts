import { openChat } from '@parley/chat/chat'
import { systemClock } from '@parley/chat/clock'
import { openDatabase } from '@parley/db/open'
import { chatLog, type Log } from '../logs/log.ts'
import { dataFolderAt, makeDataFolder } from '../serve/data-folder.ts'
import type { Settings } from '../settings/schema.ts'
import type { Admin } from './actions.ts'
import { reachServer } from './control-client.ts'

/**
 * Whoever carries out admin actions on a data folder: the server that runs on it, or, when none does, this process.
 * @throws FolderInUse when somebody else has the folder and cannot be reached, as while a server starts.
 */
export async function openAdmin(settings: Settings, log: Log): Promise<Admin> {
  const folder = dataFolderAt(settings.data)
  const running = await reachServer(folder)
  if (running) return running
  makeDataFolder(folder)
  const db = await openDatabase(`sqlite:${folder.database}`, { pagesMax: settings.dataPagesMax })
  const { signUp, rateFactor } = settings
  const chat = openChat({ db, clock: systemClock, settings: { signUp, rateFactor }, log: chatLog(log) })
  return {
    url: null,
    ask: (action, given) => action.perform(chat, given),
    async [Symbol.asyncDispose]() {
      await chat.close()
      await db.close()
    },
  }
}
