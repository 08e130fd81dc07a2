import type { MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from './commands.ts'

export interface MenuActions {
  /** Goes to the page. */
  command(name: MenuCommand): void
  /** In steps; 0 goes back to 100 %. */
  zoom(step: -1 | 0 | 1): void
  quit(): void
}

export interface MenuOptions {
  readonly mac: boolean
  /** Tools of those who work on the app. */
  readonly developer: boolean
  readonly actions: MenuActions
}

type Items = MenuItemConstructorOptions[]
const line: MenuItemConstructorOptions = { type: 'separator' }

/** The menu bar, which also holds the app's shortcuts: those work wherever the focus is. */
export function menuTemplate(options: MenuOptions): Items {
  return [
    ...(options.mac ? [appMenu(options)] : []),
    fileMenu(options),
    editMenu(options),
    viewMenu(options),
    goMenu(options),
    { role: 'windowMenu' },
    helpMenu(options),
  ]
}

const itemOf =
  ({ actions }: MenuOptions) =>
  (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => actions.command(name),
    ...(accelerator && { accelerator }),
  })

function appMenu(options: MenuOptions): MenuItemConstructorOptions {
  const item = itemOf(options)
  return {
    role: 'appMenu',
    submenu: [
      item('About Parley', 'about'),
      line,
      item('Settings…', 'settings', 'CmdOrCtrl+,'),
      line,
      { role: 'services' },
      line,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      line,
      { role: 'quit' },
    ],
  }
}

function fileMenu(options: MenuOptions): MenuItemConstructorOptions {
  const item = itemOf(options)
  const { mac, actions } = options
  const rest: Items = mac
    ? [{ role: 'close' }]
    : [
        item('Settings…', 'settings', 'CmdOrCtrl+,'),
        line,
        { role: 'close' },
        { label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: () => actions.quit() },
      ]
  return {
    role: 'fileMenu',
    submenu: [
      item('New Conversation…', 'new-conversation', 'CmdOrCtrl+N'),
      item('New Group…', 'new-group', 'CmdOrCtrl+Shift+N'),
      line,
      ...rest,
    ],
  }
}

function editMenu(options: MenuOptions): MenuItemConstructorOptions {
  const item = itemOf(options)
  return {
    role: 'editMenu',
    submenu: [
      { role: 'undo' },
      { role: 'redo' },
      line,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      { role: 'pasteAndMatchStyle' },
      { role: 'delete' },
      { role: 'selectAll' },
      line,
      item('Search…', 'find', 'CmdOrCtrl+F'),
      item('Search in Conversation…', 'find-in-conversation', 'CmdOrCtrl+Shift+F'),
    ],
  }
}

function viewMenu(options: MenuOptions): MenuItemConstructorOptions {
  const item = itemOf(options)
  const { actions } = options
  const developer: Items = [line, { role: 'reload' }, { role: 'toggleDevTools' }]
  return {
    role: 'viewMenu',
    submenu: [
      item('Details', 'toggle-details', 'CmdOrCtrl+Shift+D'),
      line,
      { label: 'Actual Size', accelerator: 'CmdOrCtrl+0', click: () => actions.zoom(0) },
      { label: 'Zoom In', accelerator: 'CmdOrCtrl+Plus', click: () => actions.zoom(1) },
      // The key beside the plus, without Shift.
      { label: 'Zoom In', accelerator: 'CmdOrCtrl+=', click: () => actions.zoom(1), visible: false },
      { label: 'Zoom Out', accelerator: 'CmdOrCtrl+-', click: () => actions.zoom(-1) },
      line,
      { role: 'togglefullscreen' },
      ...(options.developer ? developer : []),
    ],
  }
}

function goMenu(options: MenuOptions): MenuItemConstructorOptions {
  const item = itemOf(options)
  return {
    label: 'Go',
    submenu: [
      item('Go to…', 'go-to', 'CmdOrCtrl+K'),
      line,
      item('Back', 'back', options.mac ? 'Cmd+[' : 'Alt+Left'),
      item('Forward', 'forward', options.mac ? 'Cmd+]' : 'Alt+Right'),
      line,
      item('Previous Conversation', 'previous-conversation', 'Alt+Up'),
      item('Next Conversation', 'next-conversation', 'Alt+Down'),
      item('Previous Unread', 'previous-unread', 'Alt+Shift+Up'),
      item('Next Unread', 'next-unread', 'Alt+Shift+Down'),
    ],
  }
}

function helpMenu(options: MenuOptions): MenuItemConstructorOptions {
  const item = itemOf(options)
  return {
    role: 'help',
    submenu: [
      item('Keyboard Shortcuts', 'shortcuts', 'CmdOrCtrl+/'),
      ...(options.mac ? [] : [line, item('About Parley', 'about')]),
    ],
  }
}
