import { expect, test } from 'vitest'
import { webPreferences } from '../../src/main/window/preferences.ts'

test('a page is given nothing by its preferences, each of which is said aloud', () => {
  expect(webPreferences('/dist/preload.cjs')).toEqual({
    preload: '/dist/preload.cjs',
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
  })
})
