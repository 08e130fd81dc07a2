import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device } from './device.ts'

test('where people are known by the identity provider alone, nobody is asked for a password', async () => {
  const oidc = { issuer: 'http://127.0.0.1:9', clientId: 'parley', label: 'Our people' }
  await using server = await startServer({ settings: { oidc, passwords: 'off', signUp: 'invite' } })
  await using device = await Device.start()
  const { page } = device
  await page.getByLabel('Server or invite link').fill(server.url)
  await page.keyboard.press('Enter')
  // Nobody is there yet: whoever has the server's own link becomes the operator.
  await page.getByLabel('One-time setup link').waitFor()
  await page.getByRole('button', { name: 'Sign in with Our people' }).waitFor()
  expect(await page.getByLabel('Password', { exact: true }).count()).toBe(0)
  expect(await page.getByLabel('Username').count()).toBe(0)
})
