import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

test('S33: words stay on the device of who is in an encrypted conversation, until that is turned on beside the search', async () => {
  await using server = await startServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  const id = await makeGroup(adas, [], { name: 'Engines' })
  await send(adas, id, 'the engine runs')
  await using ada = await Device.signIn(server.url, 'ada')
  const { page } = ada
  await ada.open('Engines')
  await ada.message('the engine runs').waitFor()
  const dialog = page.getByRole('dialog', { name: 'Search messages' })
  await page.keyboard.press('Control+f')
  await dialog.getByText('The server is asked for what you type, too.').waitFor()
  await page.keyboard.type('engine')
  await dialog.getByText('1 found. Searched everything.').waitFor()
  await page.keyboard.press('Escape')

  await page.getByRole('button', { name: 'About', exact: true }).click()
  await page.getByRole('button', { name: 'Turn encryption on …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn encryption on' }).click()
  await page.getByRole('button', { name: 'End-to-end encrypted', exact: true }).waitFor()
  await page.keyboard.press('Control+f')
  await dialog.getByText('What you type stays on this device.').waitFor()
  await page.keyboard.type('engine')
  await dialog.getByText('1 found. Searched this device only, as the server is not asked.').waitFor()
  await dialog.getByRole('switch', { name: 'Ask the server, too' }).click()
  await dialog.getByText('1 found. Searched everything.').waitFor()
  await page.keyboard.press('Escape')

  await page.keyboard.press('Control+,')
  await page.getByRole('tab', { name: 'Encryption' }).click()
  const choice = page.getByRole('switch', { name: /^Ask the server, too/ })
  await choice.waitFor()
  expect(await choice.isChecked()).toBe(true)
})
