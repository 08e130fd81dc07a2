import { open } from 'node:fs/promises'
import { basename } from 'node:path'
import { app, type BrowserWindow } from 'electron'
import type { FileDialogs } from '../desk/chosen-files.ts'

/** Where paper is cut to inches. */
const letterCountries: ReadonlySet<string> = new Set(['US', 'CA', 'MX', 'PH', 'CL', 'CO', 'VE'])

/**
 * Lets the person choose a file, and writes what the window prints into it, as a PDF that nobody else on the computer may
 * read. A printer would be given the page by way of files that others keep for it; this one has no stop in between.
 * @returns the name of the file; null when the person thought better of it.
 */
export const printToFile =
  (windowOf: () => BrowserWindow | null, dialogs: Pick<FileDialogs, 'save'>) =>
  async (suggestedName: string): Promise<string | null> => {
    const path = await dialogs.save(basename(suggestedName))
    const window = windowOf()
    if (path === null || !window) return null
    const pageSize = letterCountries.has(app.getLocaleCountryCode()) ? 'Letter' : 'A4'
    const pdf = await window.webContents.printToPDF({ pageSize })
    const file = await open(path, 'w', 0o600)
    try {
      // Of a file that was there the mode is as it was.
      await file.chmod(0o600)
      await file.writeFile(pdf)
      await file.sync()
    } finally {
      await file.close()
    }
    return basename(path)
  }
