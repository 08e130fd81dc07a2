import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { foundByAxe } from './axe.ts'
import { Device, password } from './device.ts'

/** Some apps are started, one after the other. */
const patienceMs = 90_000

/** The system hands a link to the app that runs. */
const follow = ({ app }: Device, link: string): Promise<void> =>
  app.electron.evaluate((electron, url) => {
    electron.app.emit('second-instance', {}, [url], '', null)
  }, link)

test(
  'P8: the link of an encrypted group lets its holder in, and what was said before opens once that is allowed',
  async () => {
    await using server = await startServer()
    await using _adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
    await using _cys = await signUp(server, { username: 'cy', displayName: 'Cy D. Fect', password })
    await using ada = await Device.signIn(server.url, 'ada')
    await using cy = await Device.signIn(server.url, 'cy')

    await ada.page.keyboard.press('Control+Shift+n')
    const dialog = ada.page.getByRole('dialog', { name: 'Make a group' })
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Vault')
    await dialog.getByRole('switch', { name: 'End-to-end encrypted' }).click()
    await dialog.getByRole('button', { name: 'Make group' }).click()
    await ada.page.getByRole('heading', { name: 'Vault', level: 1 }).waitFor()
    await ada.say('heliotrope')
    await ada.page.getByRole('button', { name: 'About', exact: true }).click()
    await ada.page.getByRole('button', { name: 'Copy invite link' }).click()
    await ada.page.getByText('The invite link was copied').first().waitFor()
    const link = await ada.app.electron.evaluate(({ clipboard }) => clipboard.readText())

    await follow(cy, link)
    await cy.page.getByRole('dialog', { name: 'Join Vault?' }).getByRole('button', { name: 'Join' }).click()
    await cy.page.getByRole('heading', { name: 'Vault', level: 1 }).waitFor()
    await ada.say('quicksilver')
    await cy.message('quicksilver').waitFor()
    expect(await cy.message('heliotrope').count()).toBe(0)
    await ada.page.getByRole('radio', { name: 'Everything' }).click()
    await cy.message('heliotrope').waitFor()
    await cy.log.getByText('Ada Lovelace opened all that was said here to newcomers.').waitFor()
  },
  patienceMs,
)

test(
  'P8: who begins again with new keys is shown loudly, and reads on once the other has let them in',
  async () => {
    await using server = await startServer()
    await using _adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
    await using _bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
    await using ben = await Device.signIn(server.url, 'ben')
    await talkedAndLost(server.url, ben)

    await using ada = await Device.signIn(server.url, 'ada')
    await ada.open('Ben Bitdiddle')
    await ada.page.getByRole('button', { name: 'Begin again' }).click()
    await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Begin again' }).click()
    await ada.page.getByText('You began again with new keys. The other one lets you in').waitFor()

    await ben.page.getByRole('alert').getByText('Ada Lovelace began again with new keys').waitFor()
    await ben.page.getByRole('alert').getByRole('button', { name: 'Compare' }).click()
    await ben.page.getByRole('region', { name: 'Safety number' }).getByText('has changed').waitFor()
    await ben.page.getByRole('button', { name: 'Let in …' }).click()
    await ben.page.getByRole('alertdialog').getByRole('button', { name: 'Let in' }).click()
    await ben.say('Is it you?')
    await ada.message('Is it you?').waitFor()
    await ben.page.getByRole('alert').getByRole('button', { name: 'Got it' }).click()
    await ben.page.getByRole('alert').waitFor({ state: 'detached' })
    expect(await ben.log.getByText('Ada Lovelace began again with new keys.').count()).toBe(1)
  },
  patienceMs,
)

/** Ada and Ben talk; then Ada's only device is gone, with its keys. */
async function talkedAndLost(url: string, ben: Device): Promise<void> {
  await using ada = await Device.signIn(url, 'ada')
  await ada.page.keyboard.press('Control+n')
  await ada.page.getByRole('row', { name: /Ben Bitdiddle/ }).hover()
  await ada.page.getByRole('button', { name: 'More about Ben Bitdiddle' }).click()
  await ada.page.getByRole('menuitem', { name: 'Send an encrypted message' }).click()
  await ada.say('In private')
  await ben.open('Ada Lovelace')
  await ben.message('In private').waitFor()
}

test(
  'everybody can use the screens of encryption: axe finds nothing in either theme',
  async () => {
    await using server = await startServer()
    await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
    await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
    await makeGroup(adas, [bens], { name: 'Engines' })
    await using desk = await Device.signIn(server.url, 'ada')
    const problems: Record<string, string[]> = {}
    const look = async (screen: string, { page }: Device = desk) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const list = await foundByAxe(page)
        if (list.length > 0) problems[`${screen}, ${colorScheme}`] = list
      }
    }
    const { page } = desk
    await desk.open('Engines')
    await page.getByRole('button', { name: 'About', exact: true }).click()
    await page.getByRole('button', { name: 'Turn encryption on …' }).last().click()
    await page.getByRole('dialog').waitFor()
    await look('turn on')
    await page.getByRole('dialog').getByRole('button', { name: 'Turn encryption on' }).click()
    await page.getByRole('button', { name: 'End-to-end encrypted', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Make a recovery code' }).waitFor()
    await look('about, with the offer of a recovery code')
    await page.keyboard.press('Control+Shift+n')
    await page.getByRole('switch', { name: 'End-to-end encrypted' }).click()
    await look('make a group')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Make a recovery code' }).click()
    await page.getByRole('button', { name: 'Make the code' }).waitFor()
    await look('before a recovery code')
    await page.getByRole('button', { name: 'Make the code' }).click()
    await page.getByRole('button', { name: 'I have kept it' }).waitFor()
    await look('recovery code')
    await page.getByRole('button', { name: 'I have kept it' }).click()
    await page.getByRole('textbox', { name: 'Recovery code' }).waitFor()
    await look('check of the recovery code')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+,')
    await page.getByRole('tab', { name: 'Encryption' }).click()
    await page.getByRole('button', { name: 'Link a new device …' }).click()
    await page.getByRole('img', { name: /QR code/ }).waitFor()
    await look('link a device')

    await using laptop = await Device.signIn(server.url, 'ada')
    await laptop.open('Engines')
    await laptop.page.getByRole('button', { name: 'Begin again' }).click()
    await look('begin again', laptop)
    await laptop.page.keyboard.press('Escape')
    await laptop.page.keyboard.press('Control+,')
    await laptop.page.getByRole('tab', { name: 'Encryption' }).click()
    await laptop.page.getByRole('button', { name: 'Enter a code …' }).waitFor()
    await look('not linked', laptop)
    await laptop.page.getByRole('button', { name: 'Enter a code …' }).click()
    await laptop.page.getByRole('textbox', { name: 'Code' }).waitFor()
    await look('enter a code', laptop)
    expect(problems).toEqual({})
  },
  patienceMs,
)
