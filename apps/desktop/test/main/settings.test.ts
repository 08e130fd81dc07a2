import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { defaultSettings, settingsFrom } from '../../src/main/settings/schema.ts'
import { SettingsFile } from '../../src/main/settings/settings-file.ts'

describe('settings on disk', () => {
  test.for(['', 'null', '[]', '{"theme":', '{"theme":7}', '"dark"'])('%j counts as none', (text) => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'settings.json')
    writeFileSync(path, text)
    expect(new SettingsFile(path).value).toEqual(defaultSettings)
  })

  test('one that is damaged costs the others nothing', () => {
    const stored = { theme: 'dark', zoomLevel: 'large', closeToTray: false, fromTheFuture: 1 }
    expect(settingsFrom(stored)).toEqual({ ...defaultSettings, theme: 'dark', closeToTray: false })
  })

  test('a change is on disk before it is told, and leaves no other file behind', () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'settings.json')
    const settings = new SettingsFile(path)
    const seen: unknown[] = []
    using _listening = settings.onChange(() => seen.push(JSON.parse(readFileSync(path, 'utf8'))))
    settings.change({ theme: 'light' })
    expect(seen).toEqual([{ ...defaultSettings, theme: 'light' }])
    expect(new SettingsFile(path).value.theme).toBe('light')
    expect(readdirSync(folder.path)).toEqual(['settings.json'])
  })

  test('P9: what is no setting is refused, and nothing changes', () => {
    using folder = temporaryFolder()
    const settings = new SettingsFile(join(folder.path, 'settings.json'))
    expect(() => settings.change({ zoomLevel: 40 })).toThrow('zoomLevel')
    expect(settings.value).toEqual(defaultSettings)
    expect(readdirSync(folder.path)).toEqual([])
  })

  test('zooming stops at its bounds, and goes back', () => {
    using folder = temporaryFolder()
    const settings = new SettingsFile(join(folder.path, 'settings.json'))
    for (let step = 0; step < 20; step += 1) settings.zoomBy(1)
    expect(settings.value.zoomLevel).toBe(5)
    settings.zoomBy(0)
    expect(settings.value.zoomLevel).toBe(0)
  })
})
