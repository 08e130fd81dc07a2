import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'
import { launchApp } from '../electron/app.ts'
import { isolated } from '../electron/isolation.ts'
import { portsOf } from '../electron/ports.ts'
import { electronProgram, room, sandboxArguments } from '../electron/runtime.ts'

const conversationId = `c${'A'.repeat(15)}`

describe('one app at a time', () => {
  test('a second start hands its link to the first, and ends', async () => {
    await using app = await launchApp()
    const ports = await portsOf(app.page)
    const commands = ports.items('desk', 'commands', 1)
    const second = spawn(
      electronProgram(),
      [
        ...sandboxArguments,
        `--user-data-dir=${app.userData}`,
        room,
        `parley://open?conversation=${conversationId}&message=7`,
      ],
      { env: isolated(app.userData), stdio: 'ignore' },
    )
    expect(await commands).toEqual([{ kind: 'open-message', server: null, conversationId, messageId: 7 }])
    if (second.exitCode === null) await once(second, 'exit')
    expect(app.electron.windows()).toHaveLength(1)
  })
})

test('the link that the app is started for waits until the page listens', async () => {
  const invitation = 'parley://join?server=http://127.0.0.1:9#secret-of-the-invitation'
  await using app = await launchApp({ args: [invitation] })
  const field = app.page.getByRole('textbox', { name: 'Server or invite link' })
  await expect.poll(() => field.inputValue()).toBe(invitation)
})

describe('the engine', () => {
  test('is started again when it dies, and the page is given ports to the new one', async () => {
    await using app = await launchApp()
    const ports = await portsOf(app.page)
    expect(await ports.given()).toBe(1)
    await app.electron.evaluate(({ app: electronApp }) => {
      const engine = electronApp.getAppMetrics().find(({ name }) => name === 'Parley engine')
      if (engine) process.kill(engine.pid, 'SIGKILL')
    })
    await expect.poll(() => ports.given()).toBe(2)
    expect(await ports.call('engine', 'query', 'app.state')).toMatchObject({ data: { kind: 'signed-out' } })
    expect(await app.log.event('engine-ended')).toMatchObject({ waitMs: 100 })
  })

  test('is asked to close before the app ends', async () => {
    await using app = await launchApp()
    const [exit] = await Promise.all([
      once(app.electron.process(), 'exit'),
      app.electron.evaluate(({ app: electronApp }) => electronApp.quit()),
    ])
    expect(exit).toEqual([0, null])
    expect(app.log.lines.map(({ event }) => event)).not.toContain('engine-did-not-close')
  })
})

test('an engine that hangs does not keep the app from ending', async () => {
  await using app = await launchApp()
  const [exit] = await Promise.all([
    once(app.electron.process(), 'exit'),
    app.electron.evaluate(({ app: electronApp }) => {
      const engine = electronApp.getAppMetrics().find(({ name }) => name === 'Parley engine')
      if (engine) process.kill(engine.pid, 'SIGSTOP')
      electronApp.quit()
    }),
  ])
  expect(exit).toEqual([0, null])
  const unclosed = app.log.problems.splice(0)
  expect(unclosed).toEqual([expect.stringContaining('engine-did-not-close')])
})

test('a page whose process ends is loaded again', async () => {
  await using app = await launchApp()
  await app.page.waitForLoadState('load')
  const loaded = await app.window.evaluate(({ webContents }) => {
    const again = new Promise<string>((resolve) =>
      webContents.once('did-finish-load', () => resolve(webContents.getURL())),
    )
    webContents.forcefullyCrashRenderer()
    return again
  })
  expect(loaded).toBe('app://parley/index.html')
  expect(await app.log.event('page-ended')).toMatchObject({ level: 'error' })
})

test('started with the session of its person, the app stays in the tray', async () => {
  await using app = await launchApp({ args: ['--hidden'] })
  const ports = await portsOf(app.page)
  expect(await ports.call('desk', 'query', 'settings.get')).toMatchObject({ data: { autostart: false } })
  expect(await app.window.evaluate((window) => window.isVisible())).toBe(false)
})

describe('what is kept for the next start', () => {
  test('the window is where it was', async () => {
    using device = temporaryFolder('parley-device')
    const bounds = { x: 40, y: 60, width: 700, height: 500 }
    {
      await using app = await launchApp({ userData: device.path })
      await app.window.evaluate((browserWindow, wanted) => browserWindow.setBounds(wanted), bounds)
    }
    await using app = await launchApp({ userData: device.path })
    expect(await app.window.evaluate((browserWindow) => browserWindow.getBounds())).toEqual(bounds)
  })

  test('settings are, and take effect at once', async () => {
    using device = temporaryFolder('parley-device')
    {
      await using app = await launchApp({ userData: device.path })
      const ports = await portsOf(app.page)
      await ports.call('desk', 'mutation', 'settings.set', { theme: 'dark', zoomLevel: 1 })
      const dark = () => app.page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
      await expect.poll(dark).toBe(true)
    }
    await using app = await launchApp({ userData: device.path })
    const ports = await portsOf(app.page)
    expect(await ports.call('desk', 'query', 'settings.get')).toMatchObject({
      data: { theme: 'dark', zoomLevel: 1, autostart: false },
    })
    expect(await app.window.evaluate(({ webContents }) => webContents.getZoomLevel())).toBeCloseTo(1)
  })
})

test('where the system has no keyring, that is said', async () => {
  await using app = await launchApp({ args: ['--password-store=basic'] })
  const ports = await portsOf(app.page)
  expect(await ports.call('desk', 'query', 'keys.protection')).toMatchObject({ data: 'none' })
})

test('closing the window leaves the app in the tray, and a second start shows it again', async () => {
  await using app = await launchApp()
  await app.window.evaluate((browserWindow) => browserWindow.close())
  expect(await app.window.evaluate((browserWindow) => browserWindow.isVisible())).toBe(false)
  const second = spawn(electronProgram(), [...sandboxArguments, `--user-data-dir=${app.userData}`, room], {
    env: isolated(app.userData),
    stdio: 'ignore',
  })
  await once(second, 'exit')
  await expect.poll(() => app.window.evaluate((browserWindow) => browserWindow.isVisible())).toBe(true)
})
