import { Changing } from '../changing.ts'
import { readJsonFile, writeJsonFile } from './json-file.ts'
import {
  type Settings,
  type SettingsChange,
  SettingsChange as Change,
  settingsFrom,
  zoomLevelMax,
  zoomLevelMin,
} from './schema.ts'

/** The settings of this device, in a file of JSON. */
export class SettingsFile extends Changing<Settings> {
  readonly #path: string

  constructor(path: string) {
    super(settingsFrom(readJsonFile(path)))
    this.#path = path
  }

  /** On disk when this returns, and then told to who watches. @throws ZodError, or where the disk takes nothing. */
  change(change: SettingsChange): Settings {
    const settings = { ...this.value, ...definedOf(Change.parse(change)) }
    writeJsonFile(this.#path, settings)
    this.set(settings)
    return settings
  }

  /** @param step 0 goes back to what was designed */
  zoomBy(step: -1 | 0 | 1): void {
    const level = step === 0 ? 0 : this.value.zoomLevel + step
    this.change({ zoomLevel: Math.max(zoomLevelMin, Math.min(level, zoomLevelMax)) })
  }
}

/** What is `undefined` in a change is not in it. */
const definedOf = (change: SettingsChange): SettingsChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
