import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { Device, password } from './device.ts'

/** What the person chooses in the next dialogs of the system. */
async function choose({ app }: Device, path: string): Promise<void> {
  await app.electron.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath })
  }, path)
}

test('P8: a recovery code is saved as text and as a page to print, says what it is for, and lies nowhere else', async () => {
  await using server = await startServer({ settings: { serverName: 'Lindenhof' } })
  await using _ada = await signUp(server, { username: 'ada', displayName: 'Ada Lovelace', password })
  using folder = temporaryFolder('parley-app')
  const userData = join(folder.path, 'device')
  await using ada = await Device.signIn(server.url, 'ada', userData)
  const { page } = ada
  await page.keyboard.press('Control+,')
  await page.getByRole('tab', { name: 'Encryption' }).click()
  await page.getByRole('button', { name: 'Make one …' }).click()
  await page.getByRole('button', { name: 'Make the code' }).click()
  const dialog = page.getByRole('dialog', { name: 'Your recovery code' })
  const code = (await dialog.getByRole('group', { name: 'Recovery code' }).innerText()).replaceAll(
    /\s+/g,
    '-',
  )

  const text = join(folder.path, 'code.txt')
  await choose(ada, text)
  await dialog.getByRole('button', { name: 'Save as text …' }).click()
  await expect.poll(() => readIfThere(text), patience).toContain('keep it where only you get at it')
  const written = readFileSync(text, 'utf8')
  for (const part of [
    code,
    'Ada Lovelace (ada)',
    `Lindenhof, ${server.url}`,
    String(new Date().getFullYear()),
  ])
    expect(written).toContain(part)

  const sheet = join(folder.path, 'code.pdf')
  await choose(ada, sheet)
  await dialog.getByRole('button', { name: 'Save to print …' }).click()
  await expect.poll(() => readIfThere(sheet), patience).toMatch(/%%EOF\s*$/)
  const pdf = readFileSync(sheet, 'latin1')
  expect(pdf.slice(0, 5)).toBe('%PDF-')
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1)
  for (const path of [text, sheet]) expect(statSync(path).mode & 0o777).toBe(0o600)

  // What the sheet shows, and that the window is not on it.
  expect(await dialog.isVisible()).toBe(true)
  await page.emulateMedia({ media: 'print' })
  const printed = page.locator('article').filter({ hasText: 'Parley recovery code' })
  await printed.waitFor()
  expect(await dialog.isVisible()).toBe(false)
  expect((await printed.innerText()).replaceAll(/\s+/g, '-')).toContain(code)
  expect(await printed.innerText()).toContain(`Lindenhof, ${server.url}`)
  await page.emulateMedia({ media: 'screen' })
  expect(await printed.isVisible()).toBe(false)

  for (const form of [code, code.replaceAll('-', ''), code.replaceAll('-', ' ')])
    expect(filesHolding(userData, form)).toEqual([])
})

/** A page is made into a file by a process that has to be started first. */
const patience = { timeout: 60_000 }

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'latin1') : '')

const filesHolding = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text))
