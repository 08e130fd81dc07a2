import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningApp, launchApp } from '../electron/app.ts'
import { type PagePorts, portsOf } from '../electron/ports.ts'
import { room } from '../electron/runtime.ts'

let app: RunningApp
let ports: PagePorts

beforeAll(async () => {
  // There is a microphone, so that it can be refused.
  app = await launchApp({ args: ['--use-fake-device-for-media-stream'] })
  ports = await portsOf(app.page)
})
afterAll(() => app[Symbol.asyncDispose]())

/** Takes the problems that a test brought about, so that they are expected of it and of no other. */
function takeProblems(): string[] {
  return app.log.problems.splice(0)
}

describe('a page keeps to itself', () => {
  test('the preferences that hold it are in force', async () => {
    const preferences = await app.window.evaluate(({ webContents }) => {
      // What was really applied is told by a member that only Electron's own tests name.
      const { getLastWebPreferences } = webContents as unknown as {
        getLastWebPreferences?: () => Record<string, unknown>
      }
      return getLastWebPreferences?.call(webContents)
    })
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      disableDialogs: true,
    })
    // Chromium keeps this one to itself.
    expect(await app.page.evaluate(() => document.createElement('canvas').getContext('webgl'))).toBeNull()
  })

  test('it goes nowhere else', async () => {
    await app.page.evaluate(() => {
      window.location.href = 'https://example.com/'
    })
    expect(await app.log.event('page-refused')).toMatchObject({ what: 'will-navigate' })
    expect(app.page.url()).toBe('app://parley/index.html')
  })

  test('it goes to no other file of its own scheme', async () => {
    await app.page.evaluate(() => {
      window.location.href = 'app://elsewhere/index.html'
    })
    await expect.poll(() => app.log.lines.filter(({ what }) => what === 'will-navigate').length).toBe(2)
    expect(app.page.url()).toBe('app://parley/index.html')
  })

  test('it opens no window', async () => {
    expect(await app.page.evaluate(() => window.open('https://example.com/'))).toBeNull()
    expect(app.electron.windows()).toHaveLength(1)
  })

  test('it holds no other page', async () => {
    await app.page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.src = 'app://parley/index.html'
      document.body.append(frame)
    })
    await expect.poll(takeProblems).toEqual([expect.stringMatching(/violates the following/)])
  })

  test('it is given no permission', async () => {
    const answers = await app.page.evaluate(async () => {
      const located = await new Promise<number | string>((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('located'),
          (error) => resolve(error.code),
        ),
      )
      const media = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(String)
      return { located, media, notification: await Notification.requestPermission() }
    })
    expect(answers).toEqual({
      located: 1,
      media: 'NotAllowedError: Permission denied',
      notification: 'denied',
    })
    expect(await app.page.evaluate(() => navigator.clipboard.readText().catch(String))).toMatch(/NotAllowed/)
  })
})

describe('the policy of the page', () => {
  test('stands in the answer, with a nonce of its own for each load', async () => {
    const [first, second] = await app.electron.evaluate(({ session }) => {
      const policy = async () => {
        const page = await session.defaultSession.fetch('app://parley/index.html')
        return page.headers.get('content-security-policy') ?? ''
      }
      return Promise.all([policy(), policy()])
    })
    const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/
    expect(first.replace(nonce, `'nonce-'`).split('; ')).toEqual([
      `default-src 'none'`,
      `script-src 'self'`,
      `style-src 'self' 'nonce-'`,
      `style-src-attr 'unsafe-inline'`,
      `img-src 'self' blob: data:`,
      `font-src 'self'`,
      `media-src blob:`,
      `connect-src 'none'`,
      `base-uri 'none'`,
      `form-action 'none'`,
      `frame-ancestors 'none'`,
    ])
    expect(nonce.exec(first)?.[1]).not.toBe(nonce.exec(second)?.[1])
  })

  test.for([
    ['a script in the page', `const s = document.createElement('script'); s.textContent = 'window.ran = 1'`],
    [
      'a script from elsewhere',
      `const s = document.createElement('script'); s.src = 'https://example.com/x.js'`,
    ],
    [
      'a style in the page',
      `const s = document.createElement('style'); s.textContent = 'body { color: red }'`,
    ],
    [
      'a picture from elsewhere',
      `const s = document.createElement('img'); s.src = 'https://example.com/x.png'`,
    ],
  ])('refuses %s', async ([, code = '']) => {
    await app.page.evaluate(`(() => { ${code}; document.body.append(s); })()`)
    await expect.poll(takeProblems).toEqual([expect.stringMatching(/violates the following/)])
    expect(await app.page.evaluate(() => 'ran' in window)).toBe(false)
  })

  test('refuses to fetch, from anywhere', async () => {
    for (const address of ['https://example.com/', 'app://parley/index.html']) {
      expect(await app.page.evaluate((url) => fetch(url).catch(String), address)).toMatch(/TypeError/)
      await expect.poll(takeProblems).not.toHaveLength(0)
    }
  })

  test('lets nothing be read that is no file of the page', async () => {
    const statuses = await app.electron.evaluate(
      ({ session }, addresses) =>
        Promise.all(addresses.map(async (url) => (await session.defaultSession.fetch(url)).status)),
      [
        'app://parley/index.html',
        'app://parley/',
        'app://parley/../main/main.js',
        'app://parley/%2e%2e/main/main.js',
        'app://parley/..%2fmain/main.js',
        'app://parley/assets/..%5c..%5cmain%5cmain.js',
        'app://parley//etc/passwd',
        'app://elsewhere/index.html',
      ],
    )
    expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404, 404])
  })
})

describe('who may ask main', () => {
  test('a page is refused what is for the engine alone', async () => {
    const refused = await ports.call('desk', 'mutation', 'keys.unprotect', { wrapped: new Uint8Array([1]) })
    expect(refused.trouble).toMatchObject({ kind: 'not-allowed' })
  })

  test.for([
    'file:///etc/passwd',
    'smb://server/share',
    'javascript:alert(1)',
    'ms-settings:',
    'app://parley/',
  ])('no page has %s opened by the system', async (url) => {
    const refused = await ports.call('desk', 'mutation', 'openExternal', { url })
    expect(refused.trouble).toMatchObject({ kind: 'invalid-input' })
  })

  test('ports are for our page alone: another one with the same preload gets none', async () => {
    const preload = join(room, 'dist/preload/preload.cjs')
    await app.electron.evaluate(async ({ BrowserWindow }, path) => {
      const other = new BrowserWindow({ show: false, webPreferences: { preload: path } })
      await other.loadURL('data:text/html,<title>Another page</title>')
      other.destroy()
    }, preload)
    expect(await app.log.event('ports-refused')).toBeDefined()
  })
})
