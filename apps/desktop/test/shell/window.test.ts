import { describe, expect, test } from 'vitest'
import { launchApp } from '../electron/app.ts'
import { portsOf } from '../electron/ports.ts'

describe('the window', () => {
  test('opens our page from its own scheme, and the page sees nothing of Node or Electron', async () => {
    await using app = await launchApp()
    expect(app.page.url()).toBe('app://parley/index.html')
    const seen = await app.page.evaluate(() => [
      window.origin,
      ...['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
    ])
    expect(seen).toEqual(['app://parley'])
  })

  test('is given a port to the engine and one to the desk', async () => {
    await using app = await launchApp()
    const ports = await portsOf(app.page)
    expect(await ports.call('engine', 'query', 'app.state')).toMatchObject({ data: { kind: 'signed-out' } })
    expect(await ports.call('desk', 'query', 'appInfo')).toMatchObject({ data: { packaged: false } })
  })
})
