import { join } from 'node:path'
import { app } from 'electron'
import { Commands } from './commands.ts'
import { listenForLinks } from './links.ts'
import { openLog } from './log.ts'
import { declareScheme } from './page/protocol.ts'
import { SettingsFile } from './settings/settings-file.ts'
import { start, type Started } from './start.ts'

// Notifications of Windows belong to the app of this name.
app.setAppUserModelId('chat.parley.desktop')
if (!app.isPackaged && !app.commandLine.hasSwitch('user-data-dir')) {
  // Work on the app stays away from what its developer says with it.
  app.setPath('userData', `${app.getPath('userData')} (development)`)
}
const folder = app.getPath('userData')
// A second start hands its link to the first, and is over.
if (app.requestSingleInstanceLock()) {
  const echo = (line: string) => void process.stderr.write(`${line}\n`)
  const log = openLog(join(folder, 'logs', 'parley.log'), app.isPackaged ? () => {} : echo)
  process.on('uncaughtException', (error) => {
    log.error('uncaught', error)
    app.exit(1)
  })
  process.on('unhandledRejection', (reason) => log.error('unhandled-rejection', reason))
  const settings = new SettingsFile(join(folder, 'settings.json'))
  if (!settings.value.hardwareAcceleration) app.disableHardwareAcceleration()
  const commands = new Commands()
  let started: Started | null = null
  listenForLinks({ commands, show: () => started?.show(), log })
  declareScheme()
  // Not awaited here: Electron is ready only once this module has been read to its end.
  void app.whenReady().then(() => {
    started = start({ dist: join(import.meta.dirname, '..'), folder, log, settings, commands })
  })
} else {
  app.quit()
}
