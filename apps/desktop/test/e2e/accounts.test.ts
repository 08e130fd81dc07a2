import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { foundByAxe } from './axe.ts'
import { Device, password } from './device.ts'

test('an account on another server is added by keyboard, and one goes back and forth; what is unread elsewhere is said', async () => {
  await using server = await startServer({ settings: { serverName: 'Lindenhof' } })
  await using other = await startServer({ settings: { serverName: 'Quayside' } })
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await using _byrons = await signUp(other, { username: 'byron', displayName: 'Augusta Byron', password })
  const id = await makeGroup(adas, [bens], { name: 'Engines' })
  await using ada = await Device.signIn(server.url, 'ada')
  const { page } = ada
  const me = page.getByRole('button', { name: /^Your account/ })
  await ada.conversation('Engines').waitFor()

  // Escape leads back to where one was.
  await me.press('Enter')
  await page.getByRole('menuitem', { name: 'Add an account …' }).press('Enter')
  const adding = page.getByRole('dialog', { name: 'Add an account' })
  await adding.getByLabel('Server or invite link').waitFor()
  expect(await foundByAxe(page)).toEqual([])
  await page.keyboard.press('Escape')
  await adding.waitFor({ state: 'detached' })
  await expect.poll(() => me.evaluate((button) => button === document.activeElement)).toBe(true)

  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill('add an acc')
  await page.getByRole('option', { name: 'Add an account' }).waitFor()
  await page.keyboard.press('Enter')
  await adding.getByLabel('Server or invite link').fill(other.url)
  await page.keyboard.press('Enter')
  await adding.getByLabel('Username').fill('byron')
  await adding.getByLabel('Password', { exact: true }).fill(password)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Your account: Augusta Byron' }).waitFor()
  await adding.waitFor({ state: 'detached' })

  await send(bens, id, '@ada are you there?')
  await page.getByRole('button', { name: /unread in another account/ }).click()
  await page.getByRole('menuitem', { name: 'Ada Lovelace on Lindenhof (1 unread)' }).click()
  await ada.open('Engines')
  await ada.message('are you there?').waitFor()
  await page.getByRole('button', { name: 'Your account: Ada Lovelace' }).click()
  await page.getByRole('menuitem', { name: 'Augusta Byron on Quayside' }).waitFor()
})
