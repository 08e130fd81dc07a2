import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

test('the whole life of a group: made, talked in, changed, left and closed', async () => {
  await using server = await startServer()
  await using _ada = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using _ben = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await using ada = await Device.signIn(server.url, 'ada')
  await using ben = await Device.signIn(server.url, 'ben')

  await ada.page.getByRole('navigation').getByRole('button', { name: 'Make a group' }).click()
  const dialog = ada.page.getByRole('dialog', { name: 'Make a group' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Engines')
  await dialog.getByRole('row', { name: /Ben Bitdiddle/ }).click()
  await dialog.getByRole('button', { name: 'Make group' }).click()
  await ada.page.getByRole('heading', { name: 'Engines', level: 1 }).waitFor()
  await ada.say('Shall we begin?')

  await ben.open('Engines')
  await ben.message('Shall we begin?').waitFor()
  await ben.say('Yes, @ada, now')
  await ada.message('Yes, ').waitFor()

  // An edit, a reaction and a deletion reach the other.
  await ada.composer.press('ArrowUp')
  await ada.composer.fill('Shall we begin now?')
  await ada.composer.press('Enter')
  await ben.message('Shall we begin now?').getByText('edited').waitFor()
  await ben.message('Shall we begin now?').hover()
  await ben.message('Shall we begin now?').getByRole('button', { name: 'React' }).click()
  await ben.page
    .getByRole('dialog')
    .getByPlaceholder(/emoji|name/i)
    .fill('thumbs up')
  await ben.page.keyboard.press('Enter')
  await ada.message('Shall we begin now?').getByRole('button', { name: /👍/ }).waitFor()
  await ben.message('Yes, ').click({ button: 'right' })
  await ben.page.getByRole('menuitem', { name: /Delete/ }).click()
  await ben.page
    .getByRole('alertdialog')
    .getByRole('button', { name: /Delete/ })
    .click()
  await ada.log.getByText('Deleted by Ben Bitdiddle').waitFor()

  // Removed while reading.
  await ada.page.getByRole('button', { name: 'Members' }).click()
  await ada.page.getByRole('button', { name: 'More about Ben Bitdiddle' }).click()
  await ada.page.getByRole('menuitem', { name: /Remove/ }).click()
  await ada.page
    .getByRole('alertdialog')
    .getByRole('button', { name: /Remove/ })
    .click()
  await ben.page
    .getByText(/You left it or were removed/)
    .first()
    .waitFor()
  expect(await ben.conversation('Engines').count()).toBe(0)
})

test('what is read on one device is read on the other, and what was said there is here', async () => {
  await using server = await startServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  const id = await makeGroup(adas, [bens], { name: 'Engines' })
  await using desk = await Device.signIn(server.url, 'ada')
  await using laptop = await Device.signIn(server.url, 'ada')
  await send(bens, id, 'one')
  await send(bens, id, 'two')
  await desk.page.getByRole('treeitem', { name: /^Engines.* 2 unread/ }).waitFor()
  await laptop.open('Engines')
  await laptop.message('two').waitFor()
  await desk.page.getByRole('treeitem', { name: /^Engines[ ,]+group$/ }).waitFor()
  await laptop.say('three')
  await desk.open('Engines')
  await desk.message('three').waitFor()
  expect(await desk.texts()).toEqual(['one', 'two', 'three'])
})
