import { existsSync, statSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { httpApi, makeGroup, send, signUp } from '@parley/testkit/people'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { runCommand } from '@parley/testkit/run-command'
import { spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { describe, expect, test } from 'vitest'

/** tRPC's frame for a call over the socket. */
const call = (id: number, path: string, input: unknown) => ({
  id,
  method: 'mutation',
  params: { path, input },
})

describe('parley serve', () => {
  test('says where it listens on its first line, where its data is, and what to do next', async () => {
    await using server = await spawnServer({ flags: { 'sign-up': 'invite' } })
    expect(await server.stdout.find(() => true)).toMatch(/^Parley listens at http:\/\/127\.0\.0\.1:\d+$/)
    await server.stdout.find((line) => line === `Its data is in ${server.data}`)
    const link = (await server.stdout.find((line) => line.includes('#invite='))).trim()
    expect(link.startsWith(`${server.url}/#invite=`)).toBe(true)
    const invite = new URL(link).hash.slice('#invite='.length)
    await using operator = await signUp(server, { invite })
    expect(operator.account.operator).toBe(true)
    await expect(signUp(server, { invite })).rejects.toThrow('invite link')
  })

  test('makes a data folder that only its owner can read', async () => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'below/data')
    await using _ = await spawnServer({ data })
    expect(statSync(data).mode & 0o777).toBe(0o700)
  })

  test('P9: with wrong settings it says which, ends with 2, and has started and made nothing', async () => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'data')
    const result = await runCommand(['serve', '--data', data, '--port', 'none', '--sign-up', 'maybe'])
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain('the flag --port')
    expect(result.stderr).toContain('the flag --sign-up')
    expect(existsSync(data)).toBe(false)
  })

  test('on a data folder that another server has, it ends with 3, and the other goes on', async () => {
    await using server = await spawnServer()
    const result = await runCommand(['serve', '--data', server.data, '--port', '0'])
    expect(result).toMatchObject({ code: 3, stdout: '' })
    expect(result.stderr).toContain(`${server.data} is in use by another Parley`)
    await using ann = await signUp(server)
    expect((await ann.api.account.me.query()).username).toBe(ann.username)
  })

  test('on a port that is taken, it says so and ends with 1, and lets go of the data folder', async () => {
    await using server = await spawnServer()
    using folder = temporaryFolder()
    const { port } = new URL(server.url)
    const result = await runCommand(['serve', '--data', folder.path, '--port', port])
    expect(result).toMatchObject({ code: 1, stdout: '' })
    expect(result.stderr).toContain('EADDRINUSE')
    await using _ = await spawnServer({ data: folder.path })
  })

  test('P1: after a kill -9 it goes on with what was acknowledged', async () => {
    await using server = await spawnServer()
    await using ann = await signUp(server)
    const group = await makeGroup(ann)
    const sent = await send(ann, group, 'Before')
    await server.kill()
    await server.restart()
    const page = await ann.http.messages.page.query({ conversationId: group })
    expect(page.messages.map(({ id }) => id)).toEqual([sent.messageId])
  })
})

describe('SIGTERM', () => {
  test('lets calls under way finish, tells each client when to come back, and ends with 0', async () => {
    await using server = await spawnServer()
    using socket = await openRawSocket(server.url)
    const names = Array.from({ length: 10 }, (_, at) => `person-${at}`)
    // Each takes a hash of its password, four of them at once: all are under way when the first is answered.
    socket.send(
      names.map((username, id) => call(id, 'account.signUp', { username, password: `hard to guess ${id}` })),
    )
    await socket.frames(1)
    server.signal('SIGTERM')
    expect(await socket.closed).toEqual({
      code: 1012,
      reason: expect.stringMatching(/^restart; retry-after-ms=\d+$/),
    })
    const answers = socket.received.flat()
    for (const id of names.keys()) {
      expect(answers).toContainEqual({
        id,
        result: { type: 'data', data: expect.objectContaining({ token: expect.any(String) }) },
      })
    }
    expect(answers).toContainEqual({ id: null, method: 'reconnect' })
    expect(await server.ended).toEqual({ code: 0, signal: null })
    await server.restart()
    for (const [id, username] of names.entries()) {
      await httpApi(server.url).account.signIn.mutate({ username, password: `hard to guess ${id}` })
    }
  })

  test('ends streams, those over plain HTTP too', async () => {
    await using server = await spawnServer()
    await using ann = await signUp(server)
    const input = encodeURIComponent(JSON.stringify({ cursor: 0 }))
    const response = await fetch(`${server.url}/trpc/stream.follow?input=${input}`, {
      headers: { authorization: `Bearer ${ann.token}`, accept: 'text/event-stream' },
    })
    const reader = response.body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    server.signal('SIGTERM')
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read());
    expect(await server.ended).toEqual({ code: 0, signal: null })
  })

  test('a second one ends it at once, whatever it waits for', async () => {
    await using server = await spawnServer()
    const { port } = new URL(server.url)
    const half = connect(Number(port), '127.0.0.1')
    half.on('error', () => {})
    const head =
      'POST /trpc/account.signIn HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{'
    await new Promise((resolve) => half.write(head, resolve))
    // This one comes after it, so the half one has been taken up when this one is answered.
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    server.signal('SIGTERM')
    await server.stderr.find((line) => line.includes('"stopping"'))
    server.signal('SIGTERM')
    expect(await server.ended).toEqual({ code: 1, signal: null })
    half.destroy()
  })
})

test('a defect that nobody caught is logged, and ends the process with 1: it does not go on in a state unknown', async () => {
  const defect = `process.on('SIGUSR2', () => { throw new Error('a defect') })`
  await using server = await spawnServer({
    environment: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(defect)}` },
  })
  await using ann = await signUp(server)
  const group = await makeGroup(ann)
  await send(ann, group, 'Before')
  server.signal('SIGUSR2')
  expect(await server.ended).toEqual({ code: 1, signal: null })
  const uncaught: unknown = JSON.parse(await server.stderr.find((line) => line.includes('uncaught')))
  expect(uncaught).toMatchObject({ level: 'error', error: { message: 'a defect' } })
  await server.restart()
  expect((await ann.http.messages.page.query({ conversationId: group })).messages).toHaveLength(1)
})

describe('help', () => {
  test('parley help names the commands, and parley help serve the settings with all their names', async () => {
    const overview = await runCommand(['help'])
    expect(overview.code).toBe(0)
    for (const command of ['serve', 'admin accounts make', 'admin invite-links list', 'check', 'version']) {
      expect(overview.stdout).toContain(command)
    }
    const serve = await runCommand(['help', 'serve'])
    expect(serve.stdout).toContain('--sign-up open|invite|closed')
    expect(serve.stdout).toContain('PARLEY_BRIDGE_VERIFY_URL')
    expect((await runCommand(['serve', '--help'])).stdout).toBe(serve.stdout)
  })

  test('a command that there is not ends with 2', async () => {
    expect(await runCommand(['sreve'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no command "sreve"'),
    })
    expect(await runCommand([])).toMatchObject({ code: 2, stderr: expect.stringContaining('serve') })
  })

  test('parley version prints it', async () => {
    expect((await runCommand(['version'])).stdout).toMatch(/^\d+\.\d+\.\d+/)
    expect(await runCommand(['--version'])).toEqual(await runCommand(['version']))
  })
})
