import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { hash } from 'bcryptjs'
import { httpApi, makeGroup, send, signUp } from '@parley/testkit/people'
import { spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const server = join(import.meta.dirname, '../..')
const name = process.platform === 'win32' ? 'parley.exe' : 'parley'
const builtIn = temporaryFolder('parley-single')
const built = join(builtIn.path, name)
const buildMsMax = 120_000

beforeAll(() => run(process.execPath, [join(server, 'build/single.ts'), built], { cwd: server }), buildMsMax)
afterAll(() => builtIn[Symbol.dispose]())

/** The one file alone in a folder, and a cache of its own: nothing of the workspace is in reach. */
function alone() {
  const folder = temporaryFolder('parley-alone')
  const program = join(folder.path, name)
  copyFileSync(built, program)
  const cache = join(folder.path, 'cache')
  return {
    folder,
    program,
    cache,
    environment: { XDG_CACHE_HOME: cache },
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

describe('the single executable', () => {
  test('serves, alone in an empty folder: people talk, search, and sign in with hashes of elsewhere', async () => {
    using here = alone()
    const data = join(here.folder.path, 'data')
    const file = join(here.folder.path, 'import.jsonl')
    writeFileSync(
      file,
      JSON.stringify({ username: 'bob', passwordHash: await hash('a long pass phrase', 4) }),
    )
    await using one = await spawnServer({ command: [here.program], environment: here.environment, data })
    const imported = await run(here.program, ['admin', 'accounts', 'import', file, '--data', data], {
      env: here.environment,
    })
    expect(imported.stdout).toContain('Made 1 of 1')
    await using ann = await signUp(one)
    const group = await makeGroup(ann)
    await send(ann, group, 'Hello from one file')
    // bcrypt and search each run in a thread of their own, started from a file of its own.
    await httpApi(one.url).account.signIn.mutate({ username: 'bob', password: 'a long pass phrase' })
    const found = await ann.api.messages.search.query({ words: 'hello' })
    expect(found.messages).toHaveLength(1)
    expect(await one.stop()).toEqual({ code: 0, signal: null })
  })

  test('makes whole what was changed or half written where it runs from', async () => {
    using here = alone()
    await run(here.program, ['version'], { env: here.environment })
    const [unpacked = ''] = readdirSync(here.cache)
    const program = join(here.cache, unpacked, 'parley.js')
    const before = readFileSync(program, 'utf8')
    writeFileSync(program, 'process.exit(9)')
    expect((await run(here.program, ['version'], { env: here.environment })).stdout).toMatch(/^\d/)
    expect(readFileSync(program, 'utf8')).toBe(before)
  })

  test('does not run from a folder that others can write to', async () => {
    using here = alone()
    await run(here.program, ['version'], { env: here.environment })
    const [unpacked = ''] = readdirSync(here.cache)
    chmodSync(join(here.cache, unpacked), 0o777)
    const elsewhere = join(here.folder.path, 'elsewhere')
    mkdirSync(elsewhere)
    const environment = { ...here.environment, HOME: elsewhere }
    expect((await run(here.program, ['version'], { env: environment })).stdout).toMatch(/^\d/)
    expect(existsSync(join(elsewhere, '.cache', unpacked, 'parley.js'))).toBe(true)
    expect(statSync(join(elsewhere, '.cache', unpacked)).mode & 0o077).toBe(0)
  })
})
