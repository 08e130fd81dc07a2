import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, readFile, readdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { makeGroup, signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../src/connect.ts'
import type { Followed } from '../src/follow.ts'

const run = promisify(execFile)
const room = join(import.meta.dirname, '..')
const root = join(room, '../..')
const project = temporaryFolder('parley-stranger')
/** The README's programs, each a file of the project. */
const programs: string[] = []

/** Somebody else's project that has the package installed as npm would, and nothing else of ours. */
beforeAll(async () => {
  const built = join(project.path, 'built')
  await run(process.execPath, [join(room, 'build/package.ts'), built])
  const { stdout } = await run('npm', ['pack', built, '--json', '--pack-destination', project.path])
  const [packed] = /[\w.-]+\.tgz/.exec(stdout) ?? []
  if (packed === undefined) throw new Error(`npm packed nothing: ${stdout}`)
  const installed = join(project.path, 'node_modules/@parley/client')
  await mkdir(installed, { recursive: true })
  await run('tar', ['-xzf', join(project.path, packed), '-C', installed, '--strip-components', '1'])
  for (const scope of ['@trpc', '@types'])
    await symlink(join(root, 'node_modules', scope), join(project.path, 'node_modules', scope))
  await writeFile(join(project.path, 'package.json'), '{ "type": "module", "private": true }')
  const readme = await readFile(join(installed, 'README.md'), 'utf8')
  for (const [, program = ''] of readme.matchAll(/```ts\n([\s\S]*?)```/g)) {
    const file = join(project.path, `program-${programs.length + 1}.ts`)
    await writeFile(file, program)
    programs.push(file)
  }
})

afterAll(() => project[Symbol.dispose]())

test('the package names nothing that is not in it or installed with it', async () => {
  const installed = join(project.path, 'node_modules/@parley/client')
  const described: unknown = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'))
  expect(described).toMatchObject({ dependencies: { '@trpc/client': expect.any(String) } })
  const seen = new Set<string>()
  for (const name of await readdir(installed, { recursive: true })) {
    if (!/\.(js|d\.ts)$/.test(name)) continue
    const text = await readFile(join(installed, name), 'utf8')
    for (const [, from = ''] of text.matchAll(/(?:from |import\()["']([^."'][^"']*)["']/g)) seen.add(from)
  }
  expect([...seen].filter((name) => !name.startsWith('@trpc/'))).toEqual([])
})

test('the README’s programs are right by the types that the package brings', async () => {
  expect(programs.length).toBeGreaterThan(3)
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'es2022',
    module: 'nodenext',
    lib: ['es2022', 'dom', 'dom.asynciterable', 'esnext.disposable'],
    types: ['node'],
  }
  await writeFile(join(project.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: programs }))
  const checked = await typeCheck()
  expect(checked).toBe('')
})

test('a wrong program is wrong by those types', async () => {
  const wrong = join(project.path, 'wrong.ts')
  await writeFile(
    wrong,
    `import { connect } from '@parley/client/connect'
     const client = connect({ url: 'http://localhost', token: 'x' })
     await client.api.conversations.makeGroup.mutate({ nam: 'typo' })
     const page = await client.api.messages.page.query({ conversationId: 'c' })
     page.messages[0]?.content.nothing
     for await (const event of client.follow({ cursor: 0 })) if (event.kind === 'nothing') break`,
  )
  await writeFile(
    join(project.path, 'tsconfig.json'),
    JSON.stringify({
      files: [wrong],
      compilerOptions: { strict: true, noEmit: true, target: 'es2022', module: 'nodenext' },
    }),
  )
  const lines = [...(await typeCheck()).matchAll(/wrong\.ts\((\d),/g)].map(([, line]) => Number(line))
  expect(lines).toEqual([3, 5, 6])
})

test('the README’s bot answers each message once, also when it is killed and started again', async () => {
  await using server = await startServer()
  await using person = await signUp(server)
  const made = await person.http.bots.make.mutate({ username: 'echo' })
  const { token } = await person.http.bots.makeToken.mutate({ accountId: made.account.id })
  const conversationId = await makeGroup(person)
  await person.http.conversations.addMembers.mutate({ conversationId, accountIds: [made.account.id] })
  await using client = connect({ url: server.url, token: person.token })
  const events = client.follow(await client.api.stream.snapshot.query())
  for (const text of ['hello', 'hello again']) {
    await using proxy = await openFaultProxy(server.url)
    const bot = startBot(proxy.through(server.url), token)
    // More than it takes to be connected: it has its snapshot, so what is said from here on is for it to answer.
    await proxy.until(({ bytes }) => bytes.down > 600)
    await client.send(conversationId, text)
    expect(await nextOf(made.account.id, events)).toBe(text)
    bot.kill('SIGKILL')
  }
  const { messages } = await client.api.messages.page.query({ conversationId })
  expect(messages.map(({ content }) => content.kind === 'plain' && content.text)).toEqual([
    'hello',
    'hello',
    'hello again',
    'hello again',
  ])
})

/** The next text that an account says. */
async function nextOf(authorId: string, events: AsyncGenerator<Followed, void>): Promise<string> {
  for (;;) {
    const { value: event } = await events.next()
    for (const entry of event?.kind === 'entries' ? event.entries : []) {
      if (entry.kind !== 'message' || entry.message.authorId !== authorId) continue
      if (entry.message.content.kind === 'plain') return entry.message.content.text
    }
    if (!event) throw new Error('The stream has ended')
  }
}

function startBot(url: string, token: string): ChildProcess {
  const [bot = ''] = programs
  const environment = { PATH: process.env['PATH'], PARLEY_URL: url, PARLEY_TOKEN: token }
  return spawn(process.execPath, [bot], { stdio: 'inherit', env: environment })
}

/** What the compiler has to say. */
async function typeCheck(): Promise<string> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  try {
    await run(process.execPath, [compiler, '--project', project.path])
    return ''
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'stdout' in error) return String(error.stdout)
    throw error
  }
}
