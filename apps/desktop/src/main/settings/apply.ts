import { app, nativeTheme, session } from 'electron'
import type { Log } from '../log.ts'
import { setAutostart } from '../system/autostart.ts'
import { setSpelling } from '../system/spelling.ts'
import type { Settings } from './schema.ts'
import type { SettingsFile } from './settings-file.ts'

interface Effects {
  readonly log: Log
  readonly zoom: (level: number) => void
}

/** Makes the settings so, now and after each change. */
export function applySettings(settings: SettingsFile, effects: Effects): void {
  apply(settings.value, null, effects)
  let before = settings.value
  settings.onChange((now) => {
    apply(now, before, effects)
    before = now
  })
}

function apply(now: Settings, before: Settings | null, { log, zoom }: Effects): void {
  const changed = (name: keyof Settings) => now[name] !== before?.[name]
  if (changed('theme')) nativeTheme.themeSource = now.theme
  if (changed('zoomLevel')) zoom(now.zoomLevel)
  if (changed('spellingLanguages')) {
    setSpelling(session.defaultSession, now.spellingLanguages, app.getPreferredSystemLanguages())
  }
  // At a start nothing is said to the system: the person may have changed it there.
  if (before && changed('autostart')) {
    try {
      setAutostart(now.autostart)
    } catch (error) {
      log.error('autostart-not-set', error)
    }
  }
}
