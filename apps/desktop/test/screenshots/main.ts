import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer } from '@parley/testkit/start-server'
import type { Page } from 'playwright-core'
import { Device, password } from '../e2e/device.ts'
import { furnish } from './scene.ts'

// Pictures of every screen, in both themes, of the app as it was built last.

const { values } = parseArgs({
  options: { to: { type: 'string', default: join(import.meta.dirname, '../../screenshots') } },
})
mkdirSync(values.to, { recursive: true })

await using server = await startServer({ settings: { serverName: 'Lindenhof', signUp: 'open' } })
await using _office = await furnish(server)

for (const theme of ['light', 'dark'] as const) {
  await using device = await Device.start()
  const { page } = device
  await page.emulateMedia({ colorScheme: theme })
  const shoot = async (name: string) => {
    await settled(page)
    await page.screenshot({ path: join(values.to, `${name}-${theme}.png`) })
  }
  await page.getByLabel('Server or invite link').waitFor()
  await shoot('01-server')
  await page.getByLabel('Server or invite link').fill(server.url)
  await page.keyboard.press('Enter')
  await page.getByLabel('Username').fill('ada')
  await shoot('02-sign-in')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByLabel('Once more').waitFor()
  await shoot('03-passphrase')
  await device.choosePassphrase()
  await device.conversation('Release 4.2').waitFor()
  await shoot('04-home')
  await device.open('Release 4.2')
  await device.message('look over the notes').waitFor()
  await page.mouse.move(900, 40)
  await shoot('05-conversation')
  await page.getByRole('button', { name: 'Members', exact: true }).click()
  await page
    .getByRole('complementary')
    .getByRole('row', { name: /Grace Hopper/ })
    .waitFor()
  await shoot('06-members')
  await page.getByRole('button', { name: 'About', exact: true }).click()
  await page.getByRole('radiogroup', { name: 'Notify me of' }).waitFor()
  await shoot('07-about')
  await page.getByRole('complementary').getByRole('button', { name: 'Close', exact: true }).click()
  for (const [keys, name] of [
    ['Control+k', '08-palette'],
    ['Control+f', '09-search'],
    ['Control+/', '10-shortcuts'],
    ['Control+Shift+n', '11-make-group'],
  ] as const) {
    await page.keyboard.press(keys)
    await page.getByRole('dialog').waitFor()
    if (name === '09-search') {
      await page.keyboard.type('link*')
      await page.getByRole('option').first().waitFor()
    }
    await shoot(name)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  }
  await page.keyboard.press('Control+n')
  await page.getByRole('row', { name: /Grace Hopper/ }).waitFor()
  await shoot('12-people')
  await page.getByRole('button', { name: 'New', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Find groups' }).click()
  await page.getByText('Reading circle').waitFor()
  await shoot('13-groups')
  await page
    .getByRole('button', { name: /^Requests|waiting/ })
    .first()
    .click()
  await shoot('14-requests')
  await page.keyboard.press('Control+,')
  const sections = page.getByRole('tablist', { name: 'Settings' })
  await sections.waitFor()
  for (const section of await sections.getByRole('tab').all()) {
    await section.click()
    await shoot(`15-settings-${(await section.innerText()).trim().toLowerCase()}`)
  }
  await page.getByRole('button', { name: 'Operator' }).click()
  await page.getByRole('tab', { name: 'Accounts' }).waitFor()
  await shoot('16-operator-accounts')
  await page.getByRole('tab', { name: 'Invite links' }).click()
  await shoot('17-operator-invite-links')
}

/** Nothing moves any more, and what was asked for is there. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
    await Promise.all(ending.map(({ finished }) => finished.catch(() => null)))
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  })
}
