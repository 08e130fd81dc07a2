import { hash } from 'bcryptjs'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpApi, makeGroup, send, signUp } from '@parley/testkit/people'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { runCommand } from '@parley/testkit/run-command'
import { spawnServer } from '@parley/testkit/spawn-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const password = 'a long pass phrase'

/** `parley admin …` on a data folder. */
const admin = (data: string, words: string, input = '') =>
  runCommand(['admin', ...words.split(' '), '--data', data], { input })

const signIn = (url: string, username: string, given = password) =>
  httpApi(url).account.signIn.mutate({ username, password: given })

describe('beside the data, when no server runs', () => {
  test('an account is made with the password on standard input, and signs in when the server runs', async () => {
    using folder = temporaryFolder()
    expect(
      await admin(folder.path, 'accounts make ann --operator --display-name Ann', `${password}\n`),
    ).toEqual({
      code: 0,
      stdout: 'Made the account ann, an operator.',
      stderr: '',
    })
    await using server = await spawnServer({ data: folder.path, flags: { 'sign-up': 'closed' } })
    expect((await signIn(server.url, 'ann')).account).toMatchObject({ operator: true, displayName: 'Ann' })
  })

  test('accounts are disabled, enabled and given passwords', async () => {
    using folder = temporaryFolder()
    await admin(folder.path, 'accounts make ann', password)
    expect(await admin(folder.path, 'accounts disable ann')).toMatchObject({ code: 0 })
    expect((await admin(folder.path, 'accounts list')).stdout).toBe('ann\tann\tdisabled')
    expect(await admin(folder.path, 'accounts enable ann')).toMatchObject({ code: 0 })
    expect(await admin(folder.path, 'accounts reset-password ann', 'another pass phrase')).toMatchObject({
      code: 0,
    })
    await using server = await spawnServer({ data: folder.path })
    await expect(signIn(server.url, 'ann')).rejects.toThrow('No account has this')
    expect((await signIn(server.url, 'ann', 'another pass phrase')).account.disabled).toBe(false)
  })

  test('invite links are made, listed and removed', async () => {
    using folder = temporaryFolder()
    const made = await admin(
      folder.path,
      'invite-links make --uses 2 --note friends --public-url https://chat.example.org',
    )
    expect(made).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^https:\/\/chat\.example\.org\/#invite=/),
    })
    const listed = await admin(folder.path, 'invite-links list --json')
    const link: unknown = JSON.parse(listed.stdout)
    expect(link).toMatchObject({ usesLeft: 2, note: 'friends' })
    expect(listed.stdout).not.toContain(new URL(made.stdout).hash.slice('#invite='.length))
    const [id = ''] = (await admin(folder.path, 'invite-links list')).stdout.split('\t')
    expect(await admin(folder.path, `invite-links remove ${id}`)).toMatchObject({ code: 0 })
    expect((await admin(folder.path, 'invite-links list')).stdout).toBe('')
  })
})

describe('in the server, while it runs', () => {
  test('accounts are made, and everybody there learns of them', async () => {
    await using server = await spawnServer()
    await using ann = await signUp(server)
    using socket = await openRawSocket(server.url, { token: ann.token })
    const { cursor } = await ann.http.stream.snapshot.query()
    socket.send({ id: 1, method: 'subscription', params: { path: 'stream.follow', input: { cursor } } })
    await socket.frames(2)
    expect(await admin(server.data, 'accounts make bob', password)).toMatchObject({ code: 0 })
    expect(await socket.find('"username":"bob"')).toMatchObject({ id: 1, result: { type: 'data' } })
    expect((await signIn(server.url, 'bob')).account.username).toBe('bob')
    expect((await admin(server.data, 'accounts list')).stdout.split('\n').toSorted()).toEqual(
      [`${ann.username}\t${ann.username}`, 'bob\tbob'].toSorted(),
    )
  })

  test('P6: an account that is disabled is cut off at once, and comes back when it is enabled', async () => {
    await using server = await spawnServer()
    await using ann = await signUp(server)
    using socket = await openRawSocket(server.url, { token: ann.token })
    socket.send({ id: 1, method: 'query', params: { path: 'account.me' } })
    await socket.frames(1)
    expect(await admin(server.data, `accounts disable ${ann.username}`)).toMatchObject({ code: 0 })
    expect(await socket.closed).toMatchObject({ code: 4401 })
    await expect(ann.http.account.me.query()).rejects.toThrow('sign in again')
    await expect(signIn(server.url, ann.username, ann.password)).rejects.toThrow('disabled')
    await admin(server.data, `accounts enable ${ann.username}`)
    await signIn(server.url, ann.username, ann.password)
  })

  test('a new password ends the sessions that there are', async () => {
    await using server = await spawnServer()
    await using ann = await signUp(server)
    expect(await admin(server.data, `accounts reset-password ${ann.username}`, password)).toMatchObject({
      code: 0,
    })
    await expect(ann.http.account.me.query()).rejects.toThrow('sign in again')
    expect((await signIn(server.url, ann.username)).account.id).toBe(ann.account.id)
  })

  test('an invite link has the address of the server that runs, and lets somebody in', async () => {
    await using server = await spawnServer({ flags: { 'sign-up': 'invite' } })
    const { stdout } = await admin(server.data, 'invite-links make')
    expect(stdout.startsWith(`${server.url}/#invite=`)).toBe(true)
    await using ann = await signUp(server, { invite: new URL(stdout).hash.slice('#invite='.length) })
    expect(ann.account.operator).toBe(false)
  })

  test('a bot is made with its token, for somebody or nobody, and a new token ends the old one where that is asked', async () => {
    await using server = await spawnServer()
    await using ann = await signUp(server)
    const made = await admin(server.data, `bots make helper --display-name Helper --owner ${ann.username}`)
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('helper') })
    const me = (token: string) => httpApi(server.url, token).account.me.query()
    expect(await me(made.stdout)).toMatchObject({
      username: 'helper',
      displayName: 'Helper',
      bot: true,
      ownerId: ann.account.id,
      operator: false,
    })
    expect(await ann.http.bots.list.query()).toMatchObject([{ username: 'helper' }])
    const second = await admin(server.data, 'bots make-token helper')
    expect((await me(made.stdout)).username).toBe('helper')
    const third = await admin(server.data, 'bots make-token helper --only')
    for (const { stdout } of [made, second]) await expect(me(stdout)).rejects.toThrow('sign in again')
    expect((await me(third.stdout)).username).toBe('helper')
    expect(await me((await admin(server.data, 'bots make alone')).stdout)).toMatchObject({ ownerId: null })
  })

  test('only the owner of the folder reaches it', async () => {
    await using server = await spawnServer()
    const control = join(server.data, 'control')
    expect(statSync(control).mode & 0o777).toBe(0o700)
    expect(statSync(join(control, 'control.sock')).mode & 0o777).toBe(0o600)
    expect(statSync(join(control, 'point.json')).mode & 0o777).toBe(0o600)
  })

  test('a path too long for a socket does not matter', async () => {
    using folder = temporaryFolder()
    const data = join(folder.path, 'deep/'.repeat(30))
    await using server = await spawnServer({ data })
    expect(await admin(data, 'accounts make ann', password)).toMatchObject({ code: 0 })
    await signIn(server.url, 'ann')
    await server.stop()
  })

  test('what a killed server left behind does not stand in the way, of the next server or beside the data', async () => {
    await using server = await spawnServer()
    await server.kill()
    expect(await admin(server.data, 'accounts make ann', password)).toMatchObject({ code: 0 })
    await server.restart()
    expect(await admin(server.data, 'accounts make bob', password)).toMatchObject({ code: 0 })
    await signIn(server.url, 'ann')
    await signIn(server.url, 'bob')
  })
})

describe('accounts that are brought along', () => {
  test('are made a line each, and sign in with the password of their bcrypt hash', async () => {
    await using server = await spawnServer()
    const file = join(server.data, 'import.jsonl')
    const lines = [
      { username: 'ann', name: 'Ann', lastName: 'Lee', passwordHash: await hash(password, 4) },
      { username: 'bob', operator: true },
    ]
    writeFileSync(file, `${lines.map((line) => JSON.stringify(line)).join('\n\n')}\n`)
    expect(await admin(server.data, `accounts import ${file}`)).toMatchObject({
      code: 0,
      stdout: 'Made 2 of 2 accounts.',
    })
    // Once by the hash that came along, and once by the better one that it was replaced with.
    expect((await signIn(server.url, 'ann')).account.displayName).toBe('Ann Lee')
    await signIn(server.url, 'ann')
    await expect(signIn(server.url, 'ann', 'another pass phrase')).rejects.toThrow('No account has this')
    expect(await admin(server.data, `accounts import ${file}`)).toMatchObject({
      code: 1,
      stdout: 'Made 0 of 2 accounts.',
      stderr: expect.stringContaining('Line 3: '),
    })
  })

  test('P9: a file with a line that is no account is refused whole, by the line, without repeating it', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'import.jsonl')
    writeFileSync(
      file,
      `{"username":"ann"}\n{"username":"bob","passwordHash":"hidden"}\n{"username":"x" hidden\n`,
    )
    const result = await admin(folder.path, `accounts import ${file}`)
    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toContain('Line 2: passwordHash')
    expect(result.stderr).toContain('Line 3: it is not JSON')
    expect(result.stderr).not.toContain('hidden')
    expect((await admin(folder.path, 'accounts list')).stdout).toBe('')
  })
})

describe('P9: what cannot be done says why, and ends with a code of its own', () => {
  const folder = temporaryFolder()
  beforeAll(async () => {
    await admin(folder.path, 'accounts make ann', password)
    await admin(folder.path, 'bots make robot')
    await admin(folder.path, 'bots make off')
    await admin(folder.path, 'accounts disable off')
  })
  afterAll(() => folder[Symbol.dispose]())

  test.each([
    ['a username that there is', 'accounts make ann', password, 1, 'username-taken'],
    ['a username that cannot be', 'accounts make a/b', password, 1, 'username'],
    ['a common password', 'accounts make bob', 'password1', 1, 'password-common'],
    ['a short password', 'accounts make bob', 'short', 1, 'password'],
    ['no password', 'accounts make bob', '', 2, 'standard input'],
    ['somebody who is not there', 'accounts disable bob', '', 1, 'no account "bob"'],
    ['a bot of a name that there is', 'bots make ann', '', 1, 'username-taken'],
    ['a bot of nobody who is there', 'bots make bot --owner bob', '', 1, 'no account "bob"'],
    ['a bot of a bot', 'bots make bot --owner robot', '', 1, 'not-allowed'],
    ['a token of a person', 'bots make-token ann', '', 1, 'no bot "ann"'],
    ['a token of a bot that is disabled', 'bots make-token off', '', 1, 'account-disabled'],
    ['a link that is none', 'invite-links remove x', '', 2, 'no id of an invite link'],
    ['uses that are no number', 'invite-links make --uses many', '', 1, 'uses'],
  ])('%s', async (_, words, input, code, said) => {
    const result = await admin(folder.path, words, input)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(said)
  })
})

test('a data folder that is not there is not made by a slip in its path', async () => {
  using folder = temporaryFolder()
  const data = join(folder.path, 'typo')
  expect(await admin(data, 'accounts list')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(data),
  })
  expect(existsSync(data)).toBe(false)
})

test('what is done beside the data is in the log for who follows it', async () => {
  await using server = await spawnServer()
  await using ann = await signUp(server)
  const group = await makeGroup(ann)
  await send(ann, group, 'Hello')
  const { cursor } = await ann.http.stream.snapshot.query()
  await server.stop()
  await admin(server.data, 'accounts make bob', password)
  await server.restart()
  using socket = await openRawSocket(server.url, { token: ann.token })
  socket.send({ id: 1, method: 'subscription', params: { path: 'stream.follow', input: { cursor } } })
  expect(await socket.find('"username":"bob"')).toMatchObject({ id: 1, result: { type: 'data' } })
})
