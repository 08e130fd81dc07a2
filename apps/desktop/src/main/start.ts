import { join } from 'node:path'
import { app, Menu, nativeTheme, Notification, powerMonitor, session, shell } from 'electron'
import type { Commands } from './commands.ts'
import { ChosenFiles } from './desk/chosen-files.ts'
import type { DeskServices } from './desk/services.ts'
import { EngineHost } from './engine/host.ts'
import type { Log } from './log.ts'
import { menuTemplate } from './menu.ts'
import { servePage } from './page/protocol.ts'
import { quitGracefully } from './quit.ts'
import { serveDesk } from './serve-desk.ts'
import { applySettings } from './settings/apply.ts'
import type { SettingsFile } from './settings/settings-file.ts'
import { appInfo } from './system/app-info.ts'
import { hiddenArgument } from './system/desktop-entry.ts'
import { fileDialogs } from './system/file-dialogs.ts'
import { Icons } from './system/icons.ts'
import { systemKeyring } from './system/keyring.ts'
import { printToFile } from './system/print-to-file.ts'
import { Notifications } from './system/notifications.ts'
import { UnreadSigns } from './system/unread.ts'
import { SystemUpdates } from './system/updates.ts'
import { showContextMenus } from './window/context-menu.ts'
import { guardContents, guardSession } from './window/guard.ts'
import { MainWindow } from './window/main-window.ts'
import { PortGiver } from './window/ports.ts'
import { recoverPage } from './window/recover.ts'

interface Start {
  /** Where the build put its files. */
  readonly dist: string
  /** Where this device's files are. */
  readonly folder: string
  readonly log: Log
  readonly settings: SettingsFile
  readonly commands: Commands
}

/** The app, once it is there. */
export interface Started {
  /** Shows its window in front of the others. */
  show(): void
}

/** Builds the app, once Electron is ready, and opens its window. */
export function start({ dist, folder, log, settings, commands }: Start): Started {
  const icons = new Icons(join(dist, 'icons'))
  const window = new MainWindow({
    preload: join(dist, 'preload/preload.cjs'),
    icon: process.platform === 'linux' ? icons.window : undefined,
    stateFile: join(folder, 'window.json'),
    log,
    zoomLevel: () => settings.value.zoomLevel,
    hidesOnClose: () => process.platform === 'darwin' || settings.value.closeToTray,
    prepare({ webContents }) {
      showContextMenus(webContents)
      recoverPage(webContents, log)
      unread.markWindow()
    },
  })
  const quit = () => app.quit()
  const unread = new UnreadSigns({
    icons,
    window: () => window.current,
    onOpen: () => window.show(),
    onQuit: quit,
  })
  const updates = new SystemUpdates(log, () => quitting.prepare())
  const services = deskServices({ folder, settings, commands, window, unread, updates })
  const engine = new EngineHost({
    script: join(dist, 'engine/main.js'),
    folder: join(folder, 'engine'),
    appVersion: app.getVersion(),
    log,
    serveDesk: (port) => serveDesk(port, 'engine', services, log),
    onStarted: () => ports.renew(),
  })
  const ports = new PortGiver({
    connectEngine: (port) => engine.connect(port),
    serveDesk: (port) => serveDesk(port, 'window', services, log),
    refused: () => log.info('ports-refused'),
  })
  const quitting = quitGracefully({ window, close: () => engine.close() })

  servePage(join(dist, 'renderer'))
  guardSession(session.defaultSession)
  app.on('web-contents-created', (_event, contents) =>
    guardContents(contents, (what) => log.info('page-refused', { what })),
  )
  ports.start()
  engine.start()
  applySettings(settings, { log, zoom: (level) => window.zoomTo(level) })
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuOf({ settings, commands, window, quit })))
  app.on('activate', () => window.show())
  powerMonitor.on('resume', () => engine.retryNow())
  powerMonitor.on('unlock-screen', () => engine.retryNow())
  nativeTheme.on('updated', () => window.matchTheme())
  window.open({ hidden: process.argv.includes(hiddenArgument) })
  unread.start()
  updates.start()
  return { show: () => window.show() }
}

interface Parts {
  readonly folder: string
  readonly settings: SettingsFile
  readonly commands: Commands
  readonly window: MainWindow
  readonly unread: UnreadSigns
  readonly updates: SystemUpdates
}

function deskServices({ folder, settings, commands, window, unread, updates }: Parts): DeskServices {
  const notifications = new Notifications({
    make: (content) => (Notification.isSupported() ? new Notification(content) : null),
    hidesContent: () => settings.value.hideContent,
    onOpen({ account, conversationId, messageId }) {
      window.show()
      commands.send({ kind: 'open-notification', account, conversationId, messageId })
    },
  })
  const dialogs = fileDialogs(() => window.current)
  return {
    info: appInfo(folder),
    settings,
    keyring: systemKeyring,
    updates,
    commands,
    attention: window.attention,
    files: new ChosenFiles(dialogs),
    printToFile: printToFile(() => window.current, dialogs),
    notices: notifications,
    setUnread: (count) => unread.set(count),
    askAttention: () => window.askAttention(),
    openExternal: (url) => shell.openExternal(url),
    spellingLanguages: () => session.defaultSession.availableSpellCheckerLanguages,
  }
}

function menuOf({
  settings,
  commands,
  window,
  quit,
}: Pick<Parts, 'settings' | 'commands' | 'window'> & { readonly quit: () => void }) {
  return menuTemplate({
    mac: process.platform === 'darwin',
    developer: !app.isPackaged,
    actions: {
      command(name) {
        window.show()
        commands.send({ kind: 'menu', name })
      },
      zoom: (step) => settings.zoomBy(step),
      quit,
    },
  })
}
