import { httpApi, newClientMessageId, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

test('who is a bot is told apart wherever one meets it, and said to read along where it is encrypted', async () => {
  await using server = await startServer()
  await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  await using _bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
  const { account: bot, token } = await adas.api.bots.make.mutate({ username: 'tally', displayName: 'Tally' })
  const { id: conversationId } = await adas.api.conversations.makeGroup.mutate({
    name: 'Engines',
    members: [bot.id],
  })
  await httpApi(server.url, token).messages.send.mutate({
    conversationId,
    clientMessageId: newClientMessageId(),
    content: { kind: 'plain', text: 'Four engines run' },
  })
  await using ada = await Device.signIn(server.url, 'ada')
  const { page } = ada
  await ada.open('Engines')
  await page.getByRole('article', { name: /^Tally, bot, / }).waitFor()
  await ada.message('Four engines run').getByText('bot', { exact: true }).waitFor()
  await ada.message('Four engines run').getByRole('button', { name: 'Tally', exact: true }).click()
  const pane = page.getByRole('complementary')
  await pane.getByText('bot', { exact: true }).waitFor()

  await ada.composer.fill('@tal')
  await page.getByRole('option', { name: 'Tally bot @tally' }).waitFor()
  await ada.composer.fill('')

  await page.getByRole('button', { name: 'Members', exact: true }).click()
  await pane.getByRole('row', { name: /^Tally bot/ }).waitFor()
  await page.getByRole('button', { name: 'About', exact: true }).click()
  await pane.getByRole('button', { name: 'Turn encryption on …' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Turn encryption on' }).click()
  await page.getByRole('button', { name: 'End-to-end encrypted', exact: true }).waitFor()
  await page.getByRole('button', { name: 'Members', exact: true }).click()
  await pane.getByText('Tally is a bot: a program reads along here').waitFor()

  await page.keyboard.press('Control+n')
  await page.getByRole('row', { name: /^Tally bot/ }).waitFor()
  const ben = page.getByRole('row', { name: /^Ben Bitdiddle/ })
  await ben.waitFor()
  expect(await ben.getByText('bot', { exact: true }).count()).toBe(0)
})
