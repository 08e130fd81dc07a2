import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

test('from a new server to the first message: the operator sets it up, invites somebody, and they talk', async () => {
  await using server = await startServer({ settings: { signUp: 'invite' } })
  await using ada = await Device.start()
  await ada.page.getByLabel('Server or invite link').fill(`${server.url}/#invite=${server.setupSecret ?? ''}`)
  await ada.page.keyboard.press('Enter')
  await signUp(ada, 'Ada Lovelace', 'ada')

  await ada.page.getByRole('button', { name: 'Operator' }).click()
  await ada.page.getByRole('tab', { name: 'Invite links' }).click()
  await ada.page.getByRole('button', { name: 'Make a link' }).click()
  await ada.page.getByRole('button', { name: 'Make link' }).click()
  const made = ada.page.getByRole('dialog', { name: 'The invite link' })
  const link = await made.getByRole('code').innerText()
  expect(link).toMatch(/^parley:\/\/join\?server=/)
  await made.getByRole('button', { name: 'Done' }).click()

  await using ben = await Device.start({ args: [link] })
  await signUp(ben, 'Ben Bitdiddle', 'ben')
  await ben.page.getByRole('navigation').getByRole('button', { name: 'Message somebody' }).click()
  await ben.page.getByRole('row', { name: /Ada Lovelace/ }).click()
  await ben.say('Hello Ada')

  await ada.open('Ben Bitdiddle')
  await ada.message('Hello Ada').waitFor()
  await ada.say('Welcome!')
  await ben.message('Welcome!').waitFor()
  expect(await ben.texts()).toEqual(['Hello Ada', 'Welcome!'])
})

async function signUp(device: Device, name: string, username: string): Promise<void> {
  await device.page.getByLabel('Your name').fill(name)
  await device.page.getByLabel('Username').fill(username)
  await device.page.getByLabel('Password', { exact: true }).fill(password)
  await device.page.getByRole('button', { name: 'Make account' }).click()
  await device.choosePassphrase()
}
