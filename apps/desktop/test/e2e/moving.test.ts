import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe says against what is on the screen. Menus stand outside of the landmarks, as every menu does. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axeFile, 'utf8'))
  const found = await page.evaluate<AxeResults>(
    `axe.run(document, { resultTypes: ['violations'], rules: { region: { enabled: false } } })`,
  )
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`,
  )
}

async function stage() {
  const server = await startServer()
  const folder = temporaryFolder('parley-app')
  const adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  const bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  const garden = await makeGroup(bens, [adas], { name: 'Garden' })
  for (let line = 0; line < 40; line++) await send(bens, garden, `line ${String(line)}`)
  await send(bens, garden, 'the tomatoes are ripe')
  for (let line = 40; line < 80; line++) await send(bens, garden, `line ${String(line)}`)
  await makeGroup(bens, [adas], { name: 'Kitchen' })
  const ada = await Device.signIn(server.url, 'ada', join(folder.path, 'device'))
  return {
    ada,
    page: ada.page,
    async [Symbol.asyncDispose]() {
      await ada[Symbol.asyncDispose]()
      await Promise.all([adas.close(), bens.close()])
      await server[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

test('one finds a conversation, a person and a message by keyboard alone, and the way back', async () => {
  await using on = await stage()
  const { ada, page } = on
  const heading = (name: string) => page.getByRole('heading', { name, level: 1 })
  await ada.conversation('Kitchen').waitFor()

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).fill('kit')
  await page.getByRole('option', { name: /Kitchen/ }).waitFor()
  await page.keyboard.press('Enter')
  await heading('Kitchen').waitFor()

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Go to' }).fill('bitd')
  await page.getByRole('option', { name: /Ben Bitdiddle/ }).waitFor()
  await page.keyboard.press('Enter')
  await heading('Ben Bitdiddle').waitFor()
  expect(await page.title()).toBe('Ben Bitdiddle – Parley')

  await page.keyboard.press('Control+f')
  await page.getByRole('combobox', { name: 'Search messages' }).fill('tomat')
  await page.getByRole('option', { name: /tomatoes are ripe/ }).waitFor()
  await page.keyboard.press('Enter')
  await ada.message('the tomatoes are ripe').waitFor()
  expect(await page.title()).toBe('Garden – Parley')

  await page.keyboard.press('Alt+ArrowLeft')
  await heading('Ben Bitdiddle').waitFor()
  await page.keyboard.press('Alt+ArrowRight')
  await heading('Garden').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('treeitem', { name: /^Garden\W+group$/ }).waitFor()
})

test('the window opens again where it was left, with the list as it was folded', async () => {
  await using on = await stage()
  const { ada } = on
  await ada.open('Kitchen')
  await ada.page.keyboard.press('Control+Shift+B')
  await ada.page.getByRole('button', { name: 'Show the sidebar' }).waitFor()
  await ada.app.quit()
  await ada.startAgain()
  await ada.page.getByRole('heading', { name: 'Kitchen', level: 1 }).waitFor()
  expect(await ada.page.getByRole('button', { name: 'Show the sidebar' }).isVisible()).toBe(true)
})

test('whatever lies over the window, and the list in every width, says what it is to those who hear it', async () => {
  await using on = await stage()
  const { ada, page } = on
  await ada.conversation('Kitchen').waitFor()
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+/')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+f')
    await page.getByRole('combobox', { name: 'Search messages' }).fill('line')
    await page.getByText('Searched everything').waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Control+Shift+B')
    await page.getByRole('button', { name: 'Show the sidebar' }).waitFor()
    expect(await violations(page)).toEqual([])
    await page.keyboard.press('Control+Shift+B')
    await page.getByRole('button', { name: 'Fold the sidebar' }).waitFor()
  }
})

test('the list is moved in by the arrow keys, and focus comes back from its menu', async () => {
  await using on = await stage()
  const { ada, page } = on
  await ada.conversation('Kitchen').focus()
  await page.keyboard.press('Home')
  await page
    .getByRole('treeitem', { name: /^Unread/ })
    .and(page.locator(':focus'))
    .waitFor()
  await page.keyboard.press('ArrowDown')
  await ada.conversation('Garden').and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Mark as read' }).waitFor()
  await page.keyboard.press('Escape')
  await ada.conversation('Garden').and(page.locator(':focus')).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Garden', level: 1 }).waitFor()
  expect(await ada.conversation('Garden').getAttribute('aria-current')).toBe('page')
})
