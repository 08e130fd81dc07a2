import { join } from 'node:path'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { openDevice, type TestDevice, until } from '../engine/device.ts'
import { Device, password } from './device.ts'

const patienceMs = 90_000

const isReady = (device: TestDevice) =>
  until(device, async (engine) => (await engine.encryption.state.query()).kind === 'ready')

const openEncryption = async ({ page }: Device) => {
  await page.keyboard.press('Control+,')
  await page.getByRole('tab', { name: 'Encryption' }).click()
}

test(
  'P8: a device that was away while another one was revoked says that it needs the new key, and takes the new recovery code',
  async () => {
    await using server = await startServer()
    using folder = temporaryFolder('parley-app')
    await using phone = await openDevice()
    await phone.engine.servers.signUp.mutate({ url: server.url, username: 'ada', password })
    await isReady(phone)
    await using desk = await Device.signIn(server.url, 'ada', join(folder.path, 'desk'))
    const { code } = await phone.engine.encryption.beginLink.mutate()
    await openEncryption(desk)
    await desk.page.getByRole('button', { name: 'Enter a code …' }).click()
    await desk.page.getByRole('textbox', { name: 'Code' }).fill(code)
    await desk.page.keyboard.press('Enter')
    await desk.page.getByText('No recovery code', { exact: true }).waitFor()
    await desk.kill()

    const made = await revokedAndMadeCode(phone, server.url)
    await phone.engine.app.signOut.mutate()
    await desk.startAgain()
    await openEncryption(desk)
    const { page } = desk
    const needs = page.getByRole('heading', { name: 'This device needs the account’s new key' })
    await needs.waitFor()
    expect(await page.getByRole('button', { name: 'Make one …' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Link a new device …' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Enter it …' }).click()
    const asked = page.getByRole('textbox', { name: 'Recovery code' })
    await asked.fill(made.slice(0, -1))
    await page.keyboard.press('Enter')
    await page.getByText('This is not your recovery code, or it was replaced by another one.').waitFor()
    await asked.fill(made)
    await page.keyboard.press('Enter')
    await page.getByText('You have a recovery code').waitFor()
    await needs.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Link a new device …' }).waitFor()
  },
  patienceMs,
)

/** Another device comes and goes, and there is a recovery code afterwards. */
async function revokedAndMadeCode(phone: TestDevice, url: string): Promise<string> {
  await using lost = await openDevice()
  await lost.engine.servers.signIn.mutate({ url, username: 'ada', password })
  const { code } = await phone.engine.encryption.beginLink.mutate()
  await until(lost, async (engine) => (await engine.encryption.state.query()).kind === 'not-linked')
  await lost.engine.encryption.enterLinkCode.mutate({ code })
  await isReady(lost)
  const devices = await lost.engine.encryption.devices.query()
  const id = devices.find(({ current }) => current)?.id
  if (!id) throw new Error('It is one of them')
  await phone.engine.encryption.revokeDevice.mutate({ id })
  return await phone.engine.encryption.makeRecoveryCode.mutate()
}
