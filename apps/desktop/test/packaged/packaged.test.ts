import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { startServer } from '@parley/testkit/start-server'
import { beforeAll, describe, expect, test } from 'vitest'
import { launchPackaged, type PackagedApp, packagedFolder, packagedProgram } from '../electron/packaged.ts'
import { portsOf } from '../electron/ports.ts'
import { electronFolder, room } from '../electron/runtime.ts'
import { installedImage, openUpdateFeed } from '../electron/update-feed.ts'

const run = promisify(execFile)
const packagingMs = 180_000
/** It is run once when it is put in place. */
const nextProgram = '#!/bin/sh\n# the next Parley\n'

beforeAll(async () => {
  await run(process.execPath, [join(room, 'build/package.ts'), '--dir'], {
    cwd: room,
    env: { ...process.env, ELECTRON_DIST: process.env['ELECTRON_DIST'] ?? electronFolder() },
  })
}, packagingMs)

describe('the packaged app', () => {
  test('has every fuse set as it was decided', async () => {
    const { version, resetAdHocDarwinSignature: _, ...wire } = await getCurrentFuseWire(packagedProgram)
    const named = Object.entries(wire).map(([fuse, state]) => [
      FuseV1Options[Number(fuse)] ?? `unknown fuse ${fuse}`,
      state === FuseState.ENABLE ? 'on' : state === FuseState.DISABLE ? 'off' : 'not decided',
    ])
    expect(version).toBe('1')
    expect(Object.fromEntries(named)).toEqual({
      RunAsNode: 'off',
      EnableCookieEncryption: 'on',
      EnableNodeOptionsEnvironmentVariable: 'off',
      EnableNodeCliInspectArguments: 'off',
      EnableEmbeddedAsarIntegrityValidation: 'on',
      OnlyLoadAppFromAsar: 'on',
      LoadBrowserProcessSpecificV8Snapshot: 'off',
      GrantFileProtocolExtraPrivileges: 'off',
      WasmTrapHandlers: 'on',
    })
  })

  test('holds the bundles and two native libraries, and nothing else', () => {
    const files = filesOf(join(packagedFolder, 'resources/app.asar'))
    const packages = files.filter((file) => /^\/node_modules\/(@[^/]+\/)?[^/]+$/.test(file))
    expect(packages).toEqual(['/node_modules/better-sqlite3-multiple-ciphers', '/node_modules/sodium-native'])
    expect(files.filter((file) => /\.(ts|tsx|map|c|cpp|h)$/.test(file))).toEqual([])
    const libraries = files.filter((file) => file.endsWith('.node'))
    expect(libraries.filter((file) => !file.includes(`/${process.platform}-`))).toEqual([])
    expect(files.filter((file) => file.endsWith('.bare'))).toEqual([])
    // The thread beside the store is started from a file of its own.
    expect(files).toContain('/dist/engine/carrying-worker.js')
  })

  test('opens its page, with an engine and a desk behind it', async () => {
    await using app = await launchPackaged()
    const ports = await portsOf(app.page)
    expect(app.page.url()).toBe('app://parley/index.html')
    expect(await ports.call('engine', 'query', 'app.state')).toMatchObject({ data: { kind: 'signed-out' } })
    expect(await ports.call('desk', 'query', 'appInfo')).toMatchObject({
      data: { name: 'Parley', packaged: true, folder: app.userData },
    })
    expect(await ports.call('desk', 'query', 'updates.state')).toMatchObject({ data: { kind: 'off' } })
  })

  test('keeps an account of a real server in its encrypted store', async () => {
    await using server = await startServer()
    await using app = await launchPackaged()
    const ports = await portsOf(app.page)
    const person = { url: server.url, username: 'ann', password: 'correct horse battery' }
    expect(await ports.call('engine', 'mutation', 'servers.signUp', person)).toMatchObject({ kind: 'done' })
    // Here is no keyring, so a passphrase is what protects the store.
    await ports.call('engine', 'mutation', 'app.choosePassphrase', { passphrase: 'of this device' })
    expect(await ports.call('engine', 'query', 'app.state')).toMatchObject({
      data: { kind: 'signed-in', account: { username: 'ann' }, byPassphrase: true },
    })
    // By libsodium, whose library is in the package.
    expect(readFileSync(join(app.userData, 'engine/vault.json'), 'utf8')).toContain('"argon2id"')
    const [store = ''] = readdirSync(join(app.userData, 'engine/stores')).filter((name) =>
      name.endsWith('.db'),
    )
    const start = readFileSync(join(app.userData, 'engine/stores', store)).subarray(0, 15)
    expect(start.toString('latin1')).not.toBe('SQLite format 3')
  })

  test('ends on its own when the system asks it to', async () => {
    await using app = await launchPackaged()
    await portsOf(app.page)
    const exited = once(app.process, 'exit')
    app.process.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })

  test('starts with the session of its person, when that is asked for', async () => {
    await using app = await launchPackaged()
    const ports = await portsOf(app.page)
    const entry = join(app.userData, 'home/config/autostart/parley.desktop')
    await ports.call('desk', 'mutation', 'settings.set', { autostart: true })
    expect(readFileSync(entry, 'utf8')).toContain(`Exec="${packagedProgram}" --hidden`)
    await ports.call('desk', 'mutation', 'settings.set', { autostart: false })
    expect(existsSync(entry)).toBe(false)
  })

  test('is no Node for whoever asks it to be one, and opens no door for a debugger', async () => {
    await using app = await launchPackaged({
      args: ['--inspect=0'],
      env: { ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '--inspect=0' },
    })
    // As Node it would have had no page, and asked for a debugger it would have said where it listens.
    expect(app.page.url()).toBe('app://parley/index.html')
    expect(app.said.filter((line) => line.startsWith('Debugger listening'))).toEqual([])
  })
})

describe('updates', () => {
  const checked = async (app: PackagedApp) => {
    const ports = await portsOf(app.page)
    await ports.call('desk', 'mutation', 'updates.check')
    return () => ports.call('desk', 'query', 'updates.state')
  }

  test('none are looked for where this installation cannot be replaced', async () => {
    await using feed = await openUpdateFeed({ version: '99.0.0', program: nextProgram })
    await using app = await launchPackaged()
    const state = await checked(app)
    expect(await state()).toMatchObject({ data: { kind: 'off' } })
    expect(feed.asked).toEqual([])
  })

  test('an older version is none', async () => {
    await using _feed = await openUpdateFeed({ version: '0.0.1', program: nextProgram })
    using image = installedImage()
    await using app = await launchPackaged({ env: { APPIMAGE: image.path } })
    const state = await checked(app)
    expect(await state()).toMatchObject({ data: { kind: 'none', checkedAt: expect.any(Number) } })
  })

  test('a newer version is brought and offered, and put in place when the app ends anyway', async () => {
    await using _feed = await openUpdateFeed({ version: '99.0.0', program: nextProgram })
    using image = installedImage()
    await using app = await launchPackaged({ env: { APPIMAGE: image.path } })
    const state = await checked(app)
    await expect.poll(state).toMatchObject({ data: { kind: 'ready', version: '99.0.0' } })
    expect(image.content).not.toBe(nextProgram)
    const exited = once(app.process, 'exit')
    app.process.kill('SIGTERM')
    await exited
    expect(image.content).toBe(nextProgram)
  })

  test('one that is not what its feed said is refused', async () => {
    await using _feed = await openUpdateFeed({
      version: '99.0.0',
      program: nextProgram,
      served: nextProgram.replace('next', 'evil'),
    })
    using image = installedImage()
    await using app = await launchPackaged({ env: { APPIMAGE: image.path } })
    const state = await checked(app)
    await expect.poll(state).toMatchObject({ data: { kind: 'failed', reason: 'damaged' } })
    expect(image.content).not.toContain('evil')
  })
})

interface ArchiveFolder {
  readonly files: Readonly<Record<string, Partial<ArchiveFolder>>>
}

/** The paths within an asar archive, which begins with four lengths and a tree in JSON. */
function filesOf(archive: string): string[] {
  const bytes = readFileSync(archive)
  const tree = JSON.parse(bytes.toString('utf8', 16, 16 + bytes.readUInt32LE(12))) as ArchiveFolder
  const walk = (folder: Partial<ArchiveFolder>, path: string): string[] =>
    Object.entries(folder.files ?? {}).flatMap(([name, entry]) => [
      `${path}/${name}`,
      ...walk(entry, `${path}/${name}`),
    ])
  return walk(tree, '')
}
