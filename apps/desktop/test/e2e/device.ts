import type { Locator, Page } from 'playwright-core'
import { launchApp, type RunningApp } from '../electron/app.ts'

export const password = 'correct horse battery staple'
/** The computers of these tests have no keyring, so each device is locked by a passphrase. */
export const passphrase = 'what only this device knows'

/** The app of somebody, as they see it: by roles and names. */
export class Device implements AsyncDisposable {
  app: RunningApp
  readonly #userData: string | null

  private constructor(app: RunningApp, userData: string | null) {
    this.app = app
    this.#userData = userData
  }

  /** Starts the app; on a folder that was there before, as it was left. */
  static async start(options: { readonly userData?: string; readonly args?: readonly string[] } = {}) {
    return new Device(await launchApp(options), options.userData ?? null)
  }

  /** Starts the app and signs in with an account that is there. */
  static async signIn(url: string, username: string, userData?: string): Promise<Device> {
    const device = await Device.start(userData === undefined ? {} : { userData })
    const { page } = device
    await page.getByLabel('Server or invite link').fill(url)
    await page.keyboard.press('Enter')
    await page.getByLabel('Username').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.keyboard.press('Enter')
    await device.choosePassphrase()
    return device
  }

  get page(): Page {
    return this.app.page
  }

  async choosePassphrase(): Promise<void> {
    await this.page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await this.page.getByLabel('Once more').fill(passphrase)
    await this.page.keyboard.press('Enter')
    await this.inside()
  }

  async unlock(): Promise<void> {
    await this.page.getByLabel('Passphrase', { exact: true }).fill(passphrase)
    await this.page.keyboard.press('Enter')
    await this.inside()
  }

  /** Resolves when the window of somebody who is signed in is there. */
  async inside(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  }

  /** Ends the app without a word, as when the computer loses its power. */
  async kill(): Promise<void> {
    const child = this.app.electron.process()
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGKILL')
    await gone
  }

  /** Starts the app again on the same folder, and unlocks it. */
  async startAgain(): Promise<void> {
    if (this.#userData === null) throw new Error('The folder of this device goes with its app')
    this.app = await launchApp({ userData: this.#userData })
    await this.unlock()
  }

  /** Does not wait for the next try to connect; nothing where the app has begun it by itself meanwhile. */
  async retryNow(): Promise<void> {
    await this.page.getByRole('button', { name: 'Retry now' }).evaluateAll((buttons) => {
      for (const button of buttons) if (button instanceof HTMLElement) button.click()
    })
  }

  conversation(name: string): Locator {
    return this.page.getByRole('treeitem', { name: new RegExp(`^${name}\\b`) })
  }

  async open(name: string): Promise<void> {
    await this.conversation(name).click()
    await this.page.getByRole('heading', { name, level: 1 }).waitFor()
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^Message/ })
  }

  /** Writes into the conversation that is open, and sends it off. */
  async say(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }

  get log(): Locator {
    return this.page.getByRole('log')
  }

  /** A message of the conversation that is open, by what it says. */
  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text })
  }

  /** What the messages say, in order, without who said it and when. */
  async texts(): Promise<string[]> {
    return this.log.getByRole('article').locator('p').allInnerTexts()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app[Symbol.asyncDispose]()
  }
}
