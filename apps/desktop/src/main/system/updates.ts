import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppUpdater } from 'electron-updater'
import { Refusal } from '@parley/domain/refusal'
import { Changing } from '../changing.ts'
import type { Updates, UpdateState } from '../desk/services.ts'
import type { Log } from '../log.ts'

/** The first look waits until the app is there to be used. */
const firstCheckMs = 30_000
const checkEveryMs = 6 * 3_600_000

/**
 * Looks for updates where the build says that there are some, downloads them, and installs them when the app quits
 * anyway, or when the person says so. It never makes anybody wait or stop.
 */
export class SystemUpdates implements Updates {
  readonly state = new Changing<UpdateState>({ kind: 'off' })
  readonly #log: Log
  readonly #prepareToQuit: () => Promise<void>
  #updater: AppUpdater | null = null

  /** @param prepareToQuit what has to be done before the installer takes over */
  constructor(log: Log, prepareToQuit: () => Promise<void>) {
    this.#log = log
    this.#prepareToQuit = prepareToQuit
  }

  start(): void {
    // The packager writes this file where it was told of a feed.
    if (!app.isPackaged || !existsSync(join(process.resourcesPath, 'app-update.yml'))) return
    this.state.set({ kind: 'none', checkedAt: null })
    setTimeout(() => void this.check(), firstCheckMs)
    setInterval(() => void this.check(), checkEveryMs)
  }

  async check(): Promise<void> {
    if (!['none', 'failed'].includes(this.state.value.kind)) return
    this.state.set({ kind: 'checking' })
    try {
      const updater = await this.#load()
      // Nothing is looked for where this kind of installation cannot be replaced, such as an unpacked folder.
      if (!(await updater.checkForUpdates())) this.state.set({ kind: 'off' })
    } catch (error) {
      this.#failed(error)
    }
  }

  install(): void {
    if (this.state.value.kind !== 'ready') throw new Refusal('not-found', 'There is no update to install.')
    void this.#prepareToQuit().then(() => this.#updater?.quitAndInstall())
  }

  /** Loaded when it is needed: it is a third of what main would load at each start. */
  async #load(): Promise<AppUpdater> {
    if (this.#updater) return this.#updater
    const { default: updates } = await import('electron-updater')
    const updater = updates.autoUpdater
    updater.autoDownload = true
    updater.autoInstallOnAppQuit = true
    updater.logger = null
    let version = ''
    updater.on('update-not-available', () => this.state.set({ kind: 'none', checkedAt: Date.now() }))
    updater.on('update-available', (update) => {
      version = update.version
      this.state.set({ kind: 'downloading', version, percent: 0 })
    })
    updater.on('download-progress', ({ percent }) =>
      this.state.set({ kind: 'downloading', version, percent: Math.floor(percent) }),
    )
    updater.on('update-downloaded', () => this.state.set({ kind: 'ready', version }))
    updater.on('error', (error) => this.#failed(error))
    this.#updater = updater
    return updater
  }

  #failed(error: unknown): void {
    this.#log.error('update-failed', error)
    const downloading = this.state.value.kind === 'downloading'
    this.state.set({ kind: 'failed', reason: downloading ? 'damaged' : 'unreachable' })
  }
}
