import { expect, test } from 'vitest'
import { matches, type Pressed, shortcutOf } from '../../src/renderer/palette/match-keys.ts'
import { shortcutGroups, shortcuts, shownKeys } from '../../src/renderer/palette/shortcut-list.ts'

const plain: Pressed = { key: '', code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }
const press = (pressed: Partial<Pressed>): Pressed => ({ ...plain, ...pressed })
const found = (pressed: Partial<Pressed>, isMac = false) => {
  const hit = shortcutOf(press(pressed), isMac)
  return hit && [hit.shortcut.id, hit.index]
}

test('each key is of one shortcut alone, on either kind of system', () => {
  for (const isMac of [false, true]) {
    const keys = shortcuts.flatMap((each) => (isMac ? each.macKeys : undefined) ?? each.keys)
    expect(new Set(keys).size).toBe(keys.length)
  }
})

test('Mod is Ctrl, and ⌘ on a Mac; the other one is left to the system', () => {
  expect(found({ key: 'k', ctrlKey: true })).toEqual(['palette', 0])
  expect(found({ key: 'k', metaKey: true })).toBeNull()
  expect(found({ key: 'k', metaKey: true }, true)).toEqual(['palette', 0])
  expect(found({ key: 'k', ctrlKey: true }, true)).toBeNull()
  expect(found({ key: 'k', ctrlKey: true, altKey: true })).toBeNull()
})

test('Shift tells letters apart, and not signs, which lie elsewhere on other layouts', () => {
  expect(found({ key: 'f', ctrlKey: true })).toEqual(['search', 0])
  expect(found({ key: 'F', ctrlKey: true, shiftKey: true })).toEqual(['search-here', 0])
  // Shift+7 on a German keyboard.
  expect(found({ key: '/', code: 'Digit7', ctrlKey: true, shiftKey: true })).toEqual(['shortcuts', 0])
  expect(found({ key: '?', ctrlKey: true, shiftKey: true })).toBeNull()
})

test('digits and letters are found by their place where the layout has no such sign there', () => {
  expect(found({ key: 'é', code: 'Digit2', ctrlKey: true })).toEqual(['by-number', 1])
  expect(found({ key: '9', code: 'Digit9', ctrlKey: true })).toEqual(['by-number', 8])
  expect(found({ key: 'л', code: 'KeyK', ctrlKey: true })).toEqual(['palette', 0])
  // On a Dvorak layout the key at K's place writes another Latin letter, which counts.
  expect(found({ key: 't', code: 'KeyK', ctrlKey: true })).toBeNull()
})

test('Alt with the arrows moves among conversations and back and forth, and on a Mac words keep Alt+←', () => {
  expect(found({ key: 'ArrowUp', altKey: true })).toEqual(['previous', 0])
  expect(found({ key: 'ArrowDown', altKey: true, shiftKey: true })).toEqual(['next-unread', 0])
  expect(found({ key: 'ArrowLeft', altKey: true })).toEqual(['back', 0])
  expect(found({ key: 'ArrowLeft', altKey: true }, true)).toBeNull()
  expect(found({ key: '[', metaKey: true }, true)).toEqual(['back', 0])
})

test('a key without a modifier is nobody’s but Escape and F6', () => {
  for (const key of ['k', 'Enter', 'ArrowUp', '1', '/']) expect(found({ key })).toBeNull()
  expect(found({ key: 'Escape' })).toEqual(['mark-read', 0])
  expect(found({ key: 'F6', shiftKey: true })).toEqual(['previous-section', 0])
  expect(matches('F6', press({ key: 'F6', ctrlKey: true }), false)).toBe(false)
})

test('the list names every shortcut with keys to be read', () => {
  const listed = shortcutGroups.flatMap((group) => group.shortcuts)
  for (const each of listed) expect(shownKeys(each, false)).not.toBe('')
  const back = shortcuts.find(({ id }) => id === 'back')
  expect(back && [shownKeys(back, false), shownKeys(back, true)]).toEqual(['Alt+←', 'Mod+['])
})
