import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** With it the app starts in the tray, and opens no window. */
export const hiddenArgument = '--hidden'

/** @param program null takes the entry away */
export function setDesktopEntry(path: string, program: string | null): void {
  if (program === null) {
    rmSync(path, { force: true })
    return
  }
  mkdirSync(dirname(path), { recursive: true })
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
