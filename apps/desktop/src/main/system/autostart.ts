import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'

/** With it the app starts in the tray, and opens no window. */
export const hiddenArgument = '--hidden'

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

/** @param program null takes the entry away */
export function setDesktopEntry(path: string, program: string | null): void {
  if (program === null) {
    rmSync(path, { force: true })
    return
  }
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, autostartEntry(program))
}

/** Within quotes, by the Desktop Entry Specification; a percent sign would begin a field code. */
const quoted = (program: string): string =>
  `"${program
    .replaceAll(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`

export function autostartEntry(program: string): string {
  return `[Desktop Entry]
Type=Application
Name=Parley
Comment=Team chat
Exec=${quoted(program)} ${hiddenArgument}
Icon=parley
Terminal=false
X-GNOME-Autostart-enabled=true
`
}
