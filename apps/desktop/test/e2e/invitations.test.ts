import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

const toRequests = async ({ page }: Device) => {
  await page.getByRole('button', { name: /^Requests/ }).click()
  await page.getByRole('heading', { name: 'Requests', level: 1 }).waitFor()
}

test('S72, P7: an invitation is accepted encrypted without a connection, and no word is said in the clear', async () => {
  await using server = await startServer()
  await using proxy = await openFaultProxy(server.url)
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await using ada = await Device.signIn(server.url, 'ada')
  await using ben = await Device.signIn(proxy.through(server.url), 'ben')
  await adas.api.invitations.send.mutate({ accountId: bens.account.id })
  await toRequests(ben)
  await ben.page.getByRole('button', { name: 'Accept Ada Lovelace, encrypted' }).waitFor()

  proxy.refuse()
  await ben.page.getByRole('button', { name: 'Retry now' }).waitFor()
  await ben.page.getByRole('button', { name: 'Accept Ada Lovelace, encrypted' }).click()
  await ben.page.getByText('Accept Ada Lovelace’s invitation, encrypted').waitFor()
  await ben.page.getByText('Ada Lovelace hears of it when there is a connection').first().waitFor()
  await ben.page.getByRole('button', { name: 'Open', exact: true }).click()
  await ben.say('heliotrope')
  await ben.message('heliotrope').waitFor()

  proxy.resume()
  await ada.open('Ben Bitdiddle')
  await ada.message('heliotrope').waitFor()
  await ada.say('quicksilver')
  await ben.message('quicksilver').waitFor()
  await ben.page.getByRole('button', { name: 'End-to-end encrypted', exact: true }).waitFor()
  const { id, sealed } = await adas.api.conversations.openDirect.mutate({ accountId: bens.account.id })
  expect(sealed).toBe(true)
  const { messages } = await adas.api.messages.page.query({ conversationId: id })
  expect(messages.map(({ content }) => content.kind)).toEqual(['sealed', 'sealed'])
})

test('S72: a device that cannot encrypt does not offer it, and says why', async () => {
  await using server = await startServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  await using first = await Device.signIn(server.url, 'ben')
  await adas.api.invitations.send.mutate({ accountId: bens.account.id })
  await toRequests(first)
  await first.page.getByRole('button', { name: 'Accept Ada Lovelace, encrypted' }).waitFor()
  await using second = await Device.signIn(server.url, 'ben')
  await toRequests(second)
  await second.page.getByText('This device is not linked to your others yet, so it cannot encrypt.').waitFor()
  expect(await second.page.getByRole('button', { name: 'Accept Ada Lovelace, encrypted' }).count()).toBe(0)
  await second.page.getByRole('button', { name: 'Accept Ada Lovelace', exact: true }).press('Enter')
  await second.open('Ada Lovelace')
  const { sealed } = await adas.api.conversations.openDirect.mutate({ accountId: bens.account.id })
  expect(sealed).toBe(false)
})
