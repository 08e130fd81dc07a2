import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Lines } from '@parley/testkit/lines'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { isolated } from '../electron/isolation.ts'
import { room } from '../electron/runtime.ts'

const root = join(room, '../..')

function start(folder: string, environment: NodeJS.ProcessEnv = {}) {
  const args = [join(root, 'house/start.ts'), `--data=${join(folder, 'data')}`, '--port=0']
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...isolated(join(folder, 'device')), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return {
    child,
    stdout: new Lines(child.stdout),
    stderr: new Lines(child.stderr),
    ended: once(child, 'exit'),
  }
}

test('npm start starts the server, and the app beside it where there is a display; both end together', async () => {
  using folder = temporaryFolder('parley-start')
  const { child, stdout, stderr, ended } = start(folder.path)
  await stdout.find((line) => line.startsWith('Parley listens at http://127.0.0.1:'))
  await stdout.find((line) => line.startsWith('The app starts as well'))
  await stderr.find((line) => line.includes('"event":"engine-started"'))
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
})

test('npm start says how to start the app where there is no display', async () => {
  using folder = temporaryFolder('parley-start')
  const { child, stdout, ended } = start(folder.path, { DISPLAY: '', WAYLAND_DISPLAY: '' })
  await stdout.find((line) => line.startsWith('There is no display here'))
  await stdout.find((line) => line.includes('npm run app'))
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
})
