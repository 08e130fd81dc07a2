import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

test('S51: a conversation for which something was chosen goes back to what is usual, which is named', async () => {
  await using server = await startServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await makeGroup(adas, [], { name: 'Engines' })
  await using ada = await Device.signIn(server.url, 'ada')
  const { page } = ada
  await ada.open('Engines')
  await page.getByRole('button', { name: 'About', exact: true }).click()
  const usual = page.getByRole('radio', { name: 'What is usual' })
  expect(await usual.isChecked()).toBe(true)
  await page.getByText('When I am mentioned, as usual in groups').waitFor()
  await page.getByRole('radio', { name: 'Nothing' }).click()
  await page.getByRole('treeitem', { name: /Engines.*muted/ }).waitFor()
  expect(await usual.isChecked()).toBe(false)
  await usual.click()
  await page.getByRole('treeitem', { name: /Engines.*muted/ }).waitFor({ state: 'detached' })

  await ada.conversation('Engines').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Notify of every message' }).click()
  await page.getByRole('radio', { name: 'Every message', checked: true }).waitFor()
  await ada.conversation('Engines').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'As usual: mentions only' }).click()
  await page.getByRole('radio', { name: 'What is usual', checked: true }).waitFor()
})
