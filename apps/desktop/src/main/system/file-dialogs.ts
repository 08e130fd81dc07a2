import { join } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron'
import type { FileDialogs } from '../desk/chosen-files.ts'

/** The system's dialogs, in front of the app's window. */
export const fileDialogs = (windowOf: () => BrowserWindow | null): FileDialogs => ({
  async pick() {
    const window = windowOf()
    if (!window) return []
    const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile', 'multiSelections'] })
    return filePaths
  },

  async save(suggestedName) {
    const window = windowOf()
    if (!window) return null
    const defaultPath = join(app.getPath('downloads'), suggestedName)
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath })
    return canceled || !filePath ? null : filePath
  },
})
