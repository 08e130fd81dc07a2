import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'
import { paste } from './pasting.ts'

test('a picture that is pasted is seen by the other, and is still there without a connection', async () => {
  await using server = await startServer()
  await using proxy = await openFaultProxy(server.url)
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await makeGroup(adas, [bens], { name: 'Engines' })
  await using ada = await Device.signIn(server.url, 'ada')
  await using ben = await Device.signIn(proxy.through(server.url), 'ben')
  await ada.open('Engines')
  await paste(ada, 'plan.png', 'image/png', 0)
  await ada.say('The plan')
  await ben.open('Engines')
  const picture = ben.message('The plan').getByRole('img')
  await picture.waitFor()
  proxy.refuse()
  await ben
    .message('The plan')
    .getByRole('button', { name: /plan\.png/ })
    .click()
  const shown = ben.page.getByRole('dialog').getByRole('img')
  await shown.waitFor()
  expect(await shown.evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth)).toBe(400)
})

test('P7: a file that is sent without a connection arrives whole once there is one, also after a restart', async () => {
  await using server = await startServer()
  await using proxy = await openFaultProxy(server.url)
  using folder = temporaryFolder('parley-app')
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await makeGroup(adas, [], { name: 'Engines' })
  await using ada = await Device.signIn(proxy.through(server.url), 'ada', join(folder.path, 'device'))
  await ada.open('Engines')
  proxy.refuse()
  await ada.page.getByRole('button', { name: 'Retry now' }).waitFor()
  const hash = await paste(ada, 'figures.bin', 'application/octet-stream', 700_000)
  await ada.say('The figures')
  await ada.message('The figures').waitFor()
  await ada.kill()
  await ada.startAgain()
  proxy.resume()
  await ada.open('Engines')
  await ada.message('The figures').getByText('Waiting to be sent').waitFor({ state: 'detached' })

  // Saved by the person, it is the same bytes.
  const to = join(folder.path, 'saved.bin')
  await ada.app.electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path })
  }, to)
  await ada.message('figures.bin').getByRole('button', { name: /Save/ }).click()
  await ada.page
    .getByText(/^Saved as/)
    .first()
    .waitFor()
  expect(
    createHash('sha256')
      .update(await readFile(to))
      .digest('hex'),
  ).toBe(hash)
})
