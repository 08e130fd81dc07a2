import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { hiddenArgument, setDesktopEntry } from './desktop-entry.ts'

/** Whether the app starts with the person's session. Does nothing for an app that is run from its sources. */
export function setAutostart(on: boolean): void {
  if (!app.isPackaged) return
  if (process.platform === 'linux') {
    setDesktopEntry(join(configFolder(), 'autostart', 'parley.desktop'), on ? runningProgram() : null)
  } else {
    app.setLoginItemSettings({ openAtLogin: on, args: [hiddenArgument] })
  }
}

/** An AppImage runs from a mount that is another one each time. */
const runningProgram = (): string => process.env['APPIMAGE'] ?? process.execPath

const configFolder = (): string => process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config')
