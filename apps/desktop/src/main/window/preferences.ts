import type { WebPreferences } from 'electron'

/** Every preference that keeps a page from the machine, said aloud although most are Electron's defaults. */
export function webPreferences(preload: string): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    plugins: false,
    webgl: false,
    navigateOnDragDrop: false,
    disableDialogs: true,
    safeDialogs: true,
    autoplayPolicy: 'document-user-activation-required',
    devTools: true,
    spellcheck: true,
    backgroundThrottling: true,
  }
}
