import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { host, patience } from './host.ts'
import { botStage, group, say, sealed, sees } from './stage.ts'

const run = promisify(execFile)
const room = join(import.meta.dirname, '..')
const modules = join(room, '../../node_modules')
const project = temporaryFolder('parley-stranger')
const installed = join(project.path, 'node_modules/@parley/bot')
const program = join(project.path, 'echo.ts')

/** Somebody else's project that has the package, what it depends on, and nothing else of ours. */
beforeAll(async () => {
  await run(process.execPath, [join(room, 'build/package.ts'), installed])
  for (const name of Object.keys((await described()).dependencies)) {
    await mkdir(dirname(join(project.path, 'node_modules', name)), { recursive: true })
    await symlink(join(modules, name), join(project.path, 'node_modules', name))
  }
  await mkdir(join(project.path, 'node_modules/@types'))
  await symlink(join(modules, '@types/node'), join(project.path, 'node_modules/@types/node'))
  await writeFile(join(project.path, 'package.json'), '{ "type": "module", "private": true }')
  await cp(join(room, 'test/echo.ts'), program)
}, patience.timeout)

afterAll(() => project[Symbol.dispose]())

async function described(): Promise<{ dependencies: Record<string, string> }> {
  const said: { dependencies: Record<string, string> } = JSON.parse(
    await readFile(join(installed, 'package.json'), 'utf8'),
  )
  return said
}

/** What the compiler has to say of a file. */
async function typeCheck(file: string): Promise<string> {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: 'esnext',
    module: 'nodenext',
    types: ['node'],
  }
  const tsconfig = join(project.path, 'tsconfig.json')
  await writeFile(tsconfig, JSON.stringify({ compilerOptions, files: [file] }))
  const compiler = [join(modules, 'typescript/bin/tsc'), '--project', tsconfig]
  return run(process.execPath, compiler).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
}

test('the example is right by the types of the package, and a wrong program is wrong', patience, async () => {
  expect(await typeCheck(program)).toBe('')
  const wrong = join(project.path, 'wrong.ts')
  await writeFile(
    wrong,
    `import { openBot } from '@parley/bot/open-bot'
     const bot = await openBot({ server: 'http://localhost', folder: 'bot', tokn: 'typo' })
     bot.onMessage((message) => message.text.nothing)
     bot.engine.timeline({ conversationId: 'c' })
     bot.conversations()[0]?.nothing`,
  )
  const lines = [...(await typeCheck(wrong)).matchAll(/wrong\.ts\((\d),/g)].map(([, line]) => Number(line))
  expect(lines).toEqual([2, 3, 4, 5])
})

test('the example runs from the package alone, in a sealed group', patience, async () => {
  await using stage = await botStage()
  const ada = await stage.somebody('ada')
  const made = await stage.account(ada, 'echo')
  const where = { url: stage.server.url, token: made.token, folder: stage.folder() }
  await using echo = host(pathToFileURL(program), where)
  await echo.lines.find((line) => line === 'echo listens in 0 conversations')
  const id = await group(ada, [made.account.id], sealed)
  await say(ada, id, 'hello')
  await sees(ada.engine, id, ['hello', 'hello'])
  expect(await echo.stop()).toBe(0)
})
