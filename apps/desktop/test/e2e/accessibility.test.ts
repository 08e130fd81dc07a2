import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { foundByAxe } from './axe.ts'
import { Device, password } from './device.ts'

const themes = ['light', 'dark'] as const

test.each(themes)('everybody can use every screen: axe finds nothing in the %s theme', async (theme) => {
  await using server = await startServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await server.chat.db.write((tx) => tx.accounts.update(adas.account.id, { operator: true }))
  const id = await makeGroup(adas, [bens], { name: 'Engines' })
  await send(bens, id, 'A **word**, a `code`, a link https://example.org and @ada\n\n- one\n- two')
  await bens.api.joinRequests.all.query()
  await bens.api.invitations.send.mutate({ accountId: adas.account.id })

  await using device = await Device.start()
  const { page } = device
  await page.emulateMedia({ colorScheme: theme })
  const problems: Record<string, string[]> = {}
  const look = async (screen: string) => {
    const list = await foundByAxe(page)
    if (list.length > 0) problems[screen] = list
  }
  await page.getByLabel('Server or invite link').waitFor()
  await look('choose a server')
  await page.getByLabel('Server or invite link').fill(server.url)
  await page.keyboard.press('Enter')
  await page.getByLabel('Username').waitFor()
  await look('sign in')
  await page.getByLabel('Username').fill('ada')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByLabel('Once more').waitFor()
  await look('choose a passphrase')
  await device.choosePassphrase()
  await device.conversation('Engines').waitFor()
  await look('home')
  await device.open('Engines')
  await device.message('A word').waitFor()
  await look('conversation')
  await device.message('A word').hover()
  await look('toolbar of a message')
  for (const pane of ['Members', 'About', 'Search in this conversation']) {
    await page.getByRole('button', { name: pane, exact: true }).click()
    await page.getByRole('complementary').waitFor()
    await look(`pane: ${pane}`)
  }
  for (const [keys, overlay] of [
    ['Control+k', 'palette'],
    ['Control+f', 'search'],
    ['Control+/', 'shortcuts'],
    ['Control+Shift+n', 'make a group'],
  ] as const) {
    await page.keyboard.press(keys)
    await page.getByRole('dialog').waitFor()
    await look(overlay)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('Control+n')
  await page.getByRole('row', { name: /Ben Bitdiddle/ }).waitFor()
  await look('people')
  await page.keyboard.press('Control+,')
  const sections = page.getByRole('tablist', { name: 'Settings' })
  await sections.waitFor()
  for (const section of await sections.getByRole('tab').all()) {
    await section.click()
    await page.getByRole('tabpanel').getByRole('heading').first().waitFor()
    await look(`settings: ${await section.innerText()}`)
  }
  await page.getByRole('button', { name: 'Operator' }).click()
  await page.getByRole('tab', { name: 'Accounts' }).waitFor()
  await look('operator: accounts')
  await page.getByRole('tab', { name: 'Invite links' }).click()
  await look('operator: invite links')
  expect(problems).toEqual({})
})

test('the main job is done by keyboard alone: find somebody, write, react to an answer, and search', async () => {
  await using server = await startServer()
  await using _adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await using device = await Device.signIn(server.url, 'ada')
  const { page } = device
  const { keyboard } = page
  await keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').waitFor()
  await keyboard.type('ben')
  await page.getByRole('option', { name: /Ben Bitdiddle/ }).waitFor()
  await keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Ben Bitdiddle', level: 1 }).waitFor()
  await device.composer.waitFor()
  await keyboard.type('Hello Ben')
  await keyboard.press('Enter')
  await device.message('Hello Ben').waitFor()
  const [mine] = (await bens.api.conversations.mine.query({})).conversations
  if (!mine) throw new Error('Ben has no conversation')
  await send(bens, mine.conversation.id, 'Hello Ada')
  await device.message('Hello Ada').waitFor()
  await keyboard.press('Shift+F6')
  await page.waitForFunction(() => document.activeElement?.closest('[role="log"]') !== null)
  await keyboard.press('ArrowUp')
  await keyboard.press('r')
  await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
  await keyboard.type('An answer')
  await keyboard.press('Enter')
  await device.message('An answer').waitFor()
  await keyboard.press('Control+f')
  await page.getByRole('dialog').waitFor()
  await keyboard.type('Hello Ada')
  await page
    .getByRole('dialog')
    .getByRole('option', { name: /Hello Ada/ })
    .first()
    .waitFor()
  await keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await device.texts()).toContain('Hello Ada')
})
