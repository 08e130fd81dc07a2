import { join } from 'node:path'
import { app, BrowserWindow } from 'electron'

void app.whenReady().then(async () => {
  const window = new BrowserWindow({
    width: 1_180,
    height: 780,
    show: false,
    webPreferences: { sandbox: true },
  })
  window.once('ready-to-show', () => window.show())
  await window.loadFile(join(import.meta.dirname, 'page.html'))
})
app.on('window-all-closed', () => app.quit())
