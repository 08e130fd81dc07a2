import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeGroup, send, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

/** Three apps are started, one after the other. */
const patienceMs = 90_000

/** What was said, in words that are found nowhere else. */
const secrets = {
  first: 'The heliotrope opens at dawn',
  second: 'Bring the quicksilver ledger',
  third: 'Nobody mentions the albatross',
  afterwards: 'The marmalade stays in the cellar',
  device: 'The gramophone in the attic',
} as const

/** Whether any file below a folder holds the bytes of a text. */
function isKept(folder: string, text: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(text))
}

async function openEncryption({ page }: Device): Promise<void> {
  await page.keyboard.press('Control+,')
  await page.getByRole('tab', { name: 'Encryption' }).click()
  await page.getByRole('heading', { name: 'Encryption', level: 2 }).waitFor()
}

async function makeSealedGroup({ page }: Device, name: string, member: string): Promise<void> {
  await page.keyboard.press('Control+Shift+n')
  const dialog = page.getByRole('dialog', { name: 'Make a group' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name)
  await dialog.getByRole('row', { name: new RegExp(member) }).click()
  await dialog.getByRole('switch', { name: 'End-to-end encrypted' }).click()
  await dialog.getByRole('radio', { name: 'Everything' }).click()
  await dialog.getByRole('button', { name: 'Make group' }).click()
  await page.getByRole('heading', { name, level: 1 }).waitFor()
}

const lockOf = ({ page }: Device) => page.getByRole('button', { name: 'End-to-end encrypted', exact: true })

test(
  'P8: two people and three devices: linked by a code, read, searched offline, revoked; the server holds none of it',
  async () => {
    using data = temporaryFolder('parley-server')
    await using server = await startServer({ settings: { data: data.path } })
    await using _adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
    await using _bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
    await using desk = await Device.signIn(server.url, 'ada')
    await using bens = await Device.signIn(server.url, 'ben')

    await makeSealedGroup(desk, 'Conservatory', 'Ben Bitdiddle')
    await desk.say(secrets.first)
    await bens.open('Conservatory')
    await bens.message(secrets.first).waitFor()
    await lockOf(bens).waitFor()
    await bens.say(secrets.second)
    await desk.message(secrets.second).waitFor()
    await lockOf(desk).waitFor()

    // A new device reads nothing before it is linked, and says so; then all of it.
    await using laptop = await Device.signIn(server.url, 'ada')
    await laptop.open('Conservatory')
    await laptop.page.getByText('This device cannot read encrypted conversations yet.').waitFor()
    expect(await laptop.message(secrets.first).count()).toBe(0)
    await openEncryption(desk)
    await desk.page.getByRole('button', { name: 'Link a new device …' }).click()
    const code = await desk.page.getByRole('group', { name: 'Code' }).innerText()
    await laptop.page.getByRole('button', { name: 'Enter a code' }).click()
    await laptop.page.getByRole('textbox', { name: 'Code' }).fill(code)
    await laptop.page.keyboard.press('Enter')
    await laptop.message(secrets.first).waitFor()
    await laptop.message(secrets.second).waitFor()
    await lockOf(laptop).waitFor()
    await laptop.say(secrets.third)
    await bens.message(secrets.third).waitFor()

    // It goes by a name that is told to nobody.
    const linked = desk.page.getByRole('dialog', { name: 'The device is linked' })
    await linked.getByRole('button', { name: 'Rename …' }).click()
    const renaming = desk.page.getByRole('dialog', { name: 'Rename this device' })
    await renaming.getByRole('textbox', { name: 'Name' }).fill(secrets.device)
    await renaming.getByRole('button', { name: 'Rename' }).click()
    await linked.getByText(secrets.device).waitFor()
    await desk.page.getByRole('button', { name: 'Done' }).click()
    await desk.page.getByText(/^Added on .* · connected now · key/).waitFor()

    // What a revoked device was shown it has; it gets nothing that is said afterwards.
    await desk.page.getByRole('button', { name: `Revoke ${secrets.device}` }).click()
    await desk.page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
    await desk.page.getByText('One device was revoked.').waitFor()
    await laptop.page.getByText('Your session has ended.').waitFor()
    await desk.open('Conservatory')
    await desk.say(secrets.afterwards)
    await bens.message(secrets.afterwards).waitFor()
    expect(await laptop.message(secrets.afterwards).count()).toBe(0)

    // Words of sealed messages are found without a server.
    await server.close()
    await bens.page.keyboard.press('Control+f')
    await bens.page.getByRole('dialog').waitFor()
    await bens.page.keyboard.type('heliotrope')
    await bens.page
      .getByRole('dialog')
      .getByRole('option', { name: /heliotrope/ })
      .first()
      .waitFor()

    for (const text of Object.values(secrets)) expect(isKept(data.path, text), text).toBe(false)
    expect(isKept(data.path, 'Conservatory'), 'the name of the group is no secret').toBe(true)
  },
  patienceMs,
)

test(
  'P8: with the recovery code alone, and nobody else there, a new device reads what was said',
  async () => {
    await using server = await startServer()
    await using adas = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
    await using bens = await signUp(server, { username: 'ben', displayName: 'Ben Bitdiddle', password })
    const id = await makeGroup(adas, [bens], { name: 'Conservatory' })
    await send(adas, id, 'Said before')
    const code = await talkedAndMadeCode(server.url)

    await using laptop = await Device.signIn(server.url, 'ada')
    await laptop.open('Conservatory')
    await laptop.page.getByRole('button', { name: 'Use the recovery code' }).click()
    await laptop.page.getByRole('textbox', { name: 'Recovery code' }).fill(code)
    await laptop.page.keyboard.press('Enter')
    await laptop.message(secrets.first).waitFor()
    await laptop.message(secrets.second).waitFor()
    expect(await laptop.texts()).toEqual(['Said before', secrets.first, secrets.second])
  },
  patienceMs,
)

/** Two people turn encryption on, talk and compare their numbers; one of them makes a recovery code. Then both go. */
async function talkedAndMadeCode(url: string): Promise<string> {
  await using ada = await Device.signIn(url, 'ada')
  await using ben = await Device.signIn(url, 'ben')
  const { page } = ada
  await ada.open('Conservatory')
  await page.getByRole('button', { name: 'About', exact: true }).click()
  await page.getByRole('button', { name: 'Turn encryption on …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Turn encryption on?' })
  await dialog.getByRole('radio', { name: 'Everything' }).click()
  await dialog.getByRole('button', { name: 'Turn encryption on' }).click()
  await lockOf(ada).waitFor()
  await ada.log.getByText('You turned encryption on.').waitFor()
  await ada.say(secrets.first)
  await ben.open('Conservatory')
  await ben.message('Said before').waitFor()
  await ben.message(secrets.first).waitFor()
  await ben.say(secrets.second)
  await ada.message(secrets.second).waitFor()

  const number = await safetyNumberWith(ada, 'Ben Bitdiddle')
  expect(number).toMatch(/^(\d{5} ){11}\d{5}$/)
  expect(await safetyNumberWith(ben, 'Ada Lovelace')).toBe(number)
  await page.getByRole('button', { name: 'Mark as compared' }).click()
  await page.getByRole('button', { name: 'Safety number compared' }).waitFor()
  return await madeRecoveryCode(ada)
}

async function safetyNumberWith({ page }: Device, other: string): Promise<string> {
  await page.getByRole('button', { name: 'Members', exact: true }).click()
  await page.getByRole('row', { name: new RegExp(other) }).click()
  await page.getByRole('button', { name: /^Safety number/ }).click()
  const number = page.getByRole('group', { name: `Safety number with ${other}` })
  return (await number.innerText()).replaceAll(/\s+/g, ' ')
}

/** Makes it where the app offers it: it is shown once, and asked for once. */
async function madeRecoveryCode(device: Device): Promise<string> {
  const { page } = device
  await page.getByRole('button', { name: 'Make a recovery code' }).click()
  await page.getByRole('button', { name: 'Make the code' }).click()
  const shown = page.getByRole('group', { name: 'Recovery code' })
  const code = (await shown.innerText()).replaceAll(/\s+/g, '-')
  await page.getByRole('button', { name: 'I have kept it' }).click()
  const asked = page.getByRole('textbox', { name: 'Recovery code' })
  await asked.fill(`${code.slice(0, -1)}${code.endsWith('7') ? '8' : '7'}`)
  await page.keyboard.press('Enter')
  await page.getByText('This is not the code that was shown.').waitFor()
  await asked.fill(code.toLowerCase())
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await openEncryption(device)
  await page.getByText('You have a recovery code').waitFor()
  return code
}
