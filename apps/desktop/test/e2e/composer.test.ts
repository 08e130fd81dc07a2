import { join } from 'node:path'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'
import { paste } from './pasting.ts'

test('P7: a message that is taken back is in the composer again, with its file and before what is written there', async () => {
  await using server = await startServer()
  await using proxy = await openFaultProxy(server.url)
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await makeGroup(adas, [], { name: 'Engines' })
  await using ada = await Device.signIn(proxy.through(server.url), 'ada')
  await ada.open('Engines')
  proxy.refuse()
  await ada.page.getByRole('button', { name: 'Retry now' }).waitFor()
  await paste(ada, 'figures.bin', 'application/octet-stream', 1_000)
  await ada.say('The figures')
  await ada.composer.fill('Meanwhile')
  await ada.message('The figures').getByRole('button', { name: 'Take back' }).click()
  await ada.message('The figures').waitFor({ state: 'detached' })
  await ada.page.getByRole('button', { name: 'Remove figures.bin' }).waitFor()
  await expect.poll(() => ada.composer.inputValue()).toBe('The figures\nMeanwhile')

  await ada.composer.press('Enter')
  proxy.resume()
  await ada.retryNow()
  const sent = ada.message('The figures')
  await sent.getByRole('button', { name: /Save figures.bin/ }).waitFor()
  await sent.getByText('Waiting to be sent').waitFor({ state: 'detached' })
  expect(await ada.composer.inputValue()).toBe('')
})

test('P7: what was being written when an edit began is there after a restart, once the edit is done', async () => {
  await using server = await startServer()
  using folder = temporaryFolder('parley-app')
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await makeGroup(adas, [], { name: 'Garden' })
  await makeGroup(adas, [], { name: 'Engines' })
  await using ada = await Device.signIn(server.url, 'ada', join(folder.path, 'device'))
  await ada.open('Engines')
  await ada.say('Frist')
  const message = ada.message('Frist')
  await message.waitFor()
  await ada.composer.fill('not yet said')
  await message.hover()
  await message.getByRole('button', { name: 'Edit', exact: true }).click()
  await expect.poll(() => ada.composer.inputValue()).toBe('Frist')
  await ada.composer.fill('First')
  await ada.open('Garden')
  await ada.page.getByRole('treeitem', { name: /^Engines.*draft/ }).waitFor()
  await ada.app.quit()

  await ada.startAgain()
  await ada.open('Engines')
  await expect.poll(() => ada.composer.inputValue()).toBe('First')
  await ada.composer.press('Enter')
  await ada.message('First').waitFor()
  await expect.poll(() => ada.composer.inputValue()).toBe('not yet said')
})

test('P7: what is being written in a group that the server names meanwhile stays in the composer, and in focus', async () => {
  await using server = await startServer()
  await using proxy = await openFaultProxy(server.url)
  await using _adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using ada = await Device.signIn(proxy.through(server.url), 'ada')
  const { page } = ada
  await page.getByText('No conversations yet.').waitFor()
  proxy.refuse()
  await page.getByRole('button', { name: 'Retry now' }).waitFor()
  await page.keyboard.press('Control+Shift+n')
  const dialog = page.getByRole('dialog', { name: 'Make a group' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Garden')
  await dialog.getByRole('button', { name: 'Make group' }).click()
  await page.getByRole('heading', { name: 'Garden', level: 1 }).waitFor()
  await ada.composer.click()
  await page.keyboard.type('half a sen')
  proxy.resume()
  await ada.retryNow()
  await ada.composer.click()
  await page.getByText('Waiting to be made').waitFor({ state: 'detached' })
  await page.keyboard.type('tence')
  await expect.poll(() => ada.composer.inputValue()).toBe('half a sentence')
  await ada.composer.press('Enter')
  await ada.message('half a sentence').waitFor()
})
