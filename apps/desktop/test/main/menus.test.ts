import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import type { MenuCommand } from '../../src/main/commands.ts'
import { menuTemplate } from '../../src/main/menu.ts'
import { contextMenuTemplate } from '../../src/main/window/context-menu-items.ts'

const nothing = { command() {}, zoom() {}, quit() {} }

/** All items, those of submenus too. */
function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])])
}

describe.each([true, false])('the menu bar (macOS: %s)', (mac) => {
  const items = flat(menuTemplate({ mac, developer: false, actions: nothing }))

  test('has no accelerator twice', () => {
    const accelerators = items.flatMap(({ accelerator }) => (accelerator ? [accelerator] : []))
    expect(accelerators).toEqual([...new Set(accelerators)])
  })

  test('has no tools for developers in a packaged app', () => {
    const roles = items.map(({ role }) => role)
    expect(roles).not.toContain('toggleDevTools')
    expect(roles).not.toContain('reload')
  })

  test('has settings, and a way out', () => {
    expect(items.some(({ label }) => label === 'Settings…')).toBe(true)
    expect(items.some(({ role, label }) => role === 'quit' || label === 'Quit')).toBe(true)
  })
})

test('an item of the menu bar sends its command', () => {
  const sent: MenuCommand[] = []
  const actions = { ...nothing, command: (name: MenuCommand) => void sent.push(name) }
  const goTo = flat(menuTemplate({ mac: false, developer: false, actions })).find(
    ({ accelerator }) => accelerator === 'CmdOrCtrl+K',
  )
  ;(goTo as { click(): void }).click()
  expect(sent).toEqual(['go-to'])
})

describe('the context menu', () => {
  const under = {
    dictionarySuggestions: [] as string[],
    editFlags: {
      canCopy: true,
      canCut: true,
      canPaste: true,
      canSelectAll: true,
      canDelete: true,
      canEditRichly: false,
      canRedo: false,
      canUndo: false,
    },
    isEditable: false,
    linkURL: '',
    misspelledWord: '',
    selectionText: '',
  }
  const actions = { replaceWord() {}, learnWord() {}, copy() {} }
  const names = (given: Partial<typeof under>) =>
    contextMenuTemplate({ ...under, ...given }, actions).map(({ role, label, type }) => role ?? label ?? type)

  test('offers nothing where nothing can be done', () => {
    expect(names({})).toEqual([])
  })

  test('copies what is selected', () => {
    expect(names({ selectionText: 'some words' })).toEqual(['copy'])
  })

  test('offers other spellings, and to learn the word', () => {
    const words = ['their', 'there', 'the', 'they', 'them', 'then', 'thin']
    expect(names({ isEditable: true, misspelledWord: 'thier', dictionarySuggestions: words })).toEqual([
      ...words.slice(0, 6),
      'separator',
      'Add to Dictionary',
      'separator',
      'cut',
      'copy',
      'paste',
      'pasteAndMatchStyle',
      'separator',
      'selectAll',
    ])
  })

  test('copies links of the web, and none within the app', () => {
    expect(names({ linkURL: 'https://example.org/' })).toEqual(['Copy Link'])
    expect(names({ linkURL: 'app://parley/' })).toEqual([])
  })
})
