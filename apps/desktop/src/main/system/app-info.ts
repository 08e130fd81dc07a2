import { app } from 'electron'
import type { AppInfo } from '../desk/services.ts'

export const appInfo = (folder: string): AppInfo => ({
  name: app.getName(),
  version: app.getVersion(),
  electron: process.versions.electron,
  chrome: process.versions.chrome,
  node: process.versions.node,
  platform: process.platform,
  arch: process.arch,
  packaged: app.isPackaged,
  folder,
})
