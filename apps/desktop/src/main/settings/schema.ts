import { z } from 'zod'

export const zoomLevelMin = -3
export const zoomLevelMax = 5
export const spellingLanguagesMax = 5

/** What a person chose for this device. */
export const Settings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  /** In steps of 20 %; 0 is as designed. */
  zoomLevel: z.number().min(zoomLevelMin).max(zoomLevelMax),
  /** Starts with the person's session, in the tray. */
  autostart: z.boolean(),
  /** Closing the window leaves the app running. */
  closeToTray: z.boolean(),
  /** Notifications say that there is a message, and neither whose nor what. */
  hideContent: z.boolean(),
  /** Language tags; null for those of the system, none for no spell check. */
  spellingLanguages: z.array(z.string().max(20)).max(spellingLanguagesMax).nullable(),
  /** Takes effect at the next start. */
  hardwareAcceleration: z.boolean(),
})
export type Settings = z.infer<typeof Settings>

export const SettingsChange = Settings.partial()
export type SettingsChange = z.infer<typeof SettingsChange>

export const defaultSettings: Settings = {
  theme: 'system',
  zoomLevel: 0,
  autostart: false,
  closeToTray: true,
  hideContent: false,
  // Elsewhere Chromium fetches dictionaries from Google: not before somebody has asked for them.
  spellingLanguages: process.platform === 'darwin' ? null : [],
  hardwareAcceleration: true,
}

/** Takes what can be used of a file, and the default for each setting that is missing or damaged. */
export function settingsFrom(json: unknown): Settings {
  const settings: Record<string, unknown> = { ...defaultSettings }
  const stored = z.record(z.string(), z.unknown()).safeParse(json).data ?? {}
  for (const [name, schema] of Object.entries(Settings.shape)) {
    const value = schema.safeParse(stored[name])
    if (value.success) settings[name] = value.data
  }
  return Settings.parse(settings)
}
