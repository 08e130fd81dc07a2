import { join } from 'node:path'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

const narrowest = { width: 480, height: 780 }

/** A bar above the messages, of which the list hears by a scrolling of its own before it hears that it has less room. */
async function putBar(device: Device): Promise<void> {
  await device.log.evaluate((log) => {
    const bar = document.createElement('div')
    bar.style.cssText = 'height: 120px; flex-shrink: 0'
    log.parentElement?.before(bar)
    log.scrollTop -= 1
    log.dispatchEvent(new Event('scroll'))
  })
}

const leftBelow = (device: Device) =>
  device.log.evaluate((log) => log.scrollHeight - log.scrollTop - log.clientHeight)

test('who is at the end of a conversation stays there when less room is left for it, and who went up stays there', async () => {
  await using server = await startServer()
  using folder = temporaryFolder('parley-app')
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben', password })
  const garden = await makeGroup(bens, [adas], { name: 'Garden' })
  for (let line = 0; line < 60; line++) await send(bens, garden, `line ${String(line)}`)
  await using ada = await Device.signIn(server.url, 'ada', join(folder.path, 'device'))
  await ada.app.electron.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setSize(size.width, size.height),
    narrowest,
  )

  await ada.page.getByRole('treeitem', { name: /^Garden.* 60 unread/ }).waitFor()
  await ada.open('Garden')
  await ada.page.getByRole('button', { name: /new messages|Jump to latest/ }).click()
  await ada.message('line 59').waitFor()
  await expect.poll(() => leftBelow(ada)).toBeLessThanOrEqual(1)

  await putBar(ada)
  await expect.poll(() => leftBelow(ada)).toBeLessThanOrEqual(1)

  // All of it was read, so that what comes next is one.
  await ada.page.getByRole('treeitem', { name: /^Garden\W+group$/ }).waitFor()
  await ada.log.hover()
  await ada.page.mouse.wheel(0, -600)
  await expect.poll(() => leftBelow(ada)).toBeGreaterThan(500)
  await putBar(ada)
  await send(bens, garden, 'one more')
  await ada.page.getByRole('button', { name: '1 new message' }).waitFor()
  expect(await leftBelow(ada)).toBeGreaterThan(500)
})
