import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { httpApi, makeGroup, newClientMessageId, send, signUp } from '@parley/testkit/people'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { runCommand } from '@parley/testkit/run-command'
import { spawnServer } from '@parley/testkit/spawn-server'
import { expect, test } from 'vitest'
import { z } from 'zod'

/** Nobody listens there. */
const deadUrl = 'http://127.0.0.1:9'

/** Waits for calls that may be refused: what counts is what they leave in the log. */
const tried = (...calls: readonly Promise<unknown>[]) => Promise.allSettled(calls)

test('no password, token, key or word that somebody wrote is ever in the log or on the terminal', async () => {
  const secrets = {
    password: 'correct horse battery staple',
    wrongPassword: 'wrong horse battery staple',
    newPassword: 'another horse battery staple',
    conversationPassword: 'open-sesame-please',
    text: 'the plan of the surprise party',
    edited: 'the plan of the funeral',
    search: 'horoscope',
    hostSession: 'session-of-the-host-application',
    clientSecret: 'what-the-issuer-knows-us-by',
    metricsToken: 'a-token-for-the-metrics',
    oidcCode: 'a-code-of-an-issuer',
    brokenJson: 'words-in-broken-json',
    inPath: 'words-in-a-path',
  }
  await using server = await spawnServer({
    flags: {
      'log-level': 'debug',
      'metrics-token': secrets.metricsToken,
      'oidc-issuer': deadUrl,
      'oidc-client-id': 'parley',
      'bridge-verify-url': `${deadUrl}/verify`,
    },
    environment: { PARLEY_OIDC_CLIENT_SECRET: secrets.clientSecret },
  })
  await using ann = await signUp(server, { password: secrets.password })
  await using bob = await signUp(server)
  const open = httpApi(server.url)

  // What goes as it should.
  const group = await makeGroup(ann, [bob])
  const clientMessageId = newClientMessageId()
  const { messageId } = await send(ann, group, secrets.text, clientMessageId)
  const content = { kind: 'plain', text: secrets.edited } as const
  await ann.api.messages.edit.mutate({ conversationId: group, messageId, content })
  await ann.api.messages.search.query({ words: secrets.search })
  await ann.api.account.changePassword.mutate({ current: secrets.password, next: secrets.newPassword })
  const password = secrets.conversationPassword
  await ann.api.conversations.setJoinPolicy.mutate({
    conversationId: group,
    joinPolicy: 'password',
    password,
  })

  // What is refused, or fails.
  const challenge = 'x'.repeat(43)
  await tried(
    open.account.signIn.mutate({ username: ann.username, password: secrets.wrongPassword }),
    open.account.signUp.mutate({ username: ann.username, password: secrets.password }),
    open.bridge.signIn.mutate({ hostSession: secrets.hostSession }),
    open.oidc.start.mutate({ returnTo: 'http://127.0.0.1:1/', challenge }),
    open.oidc.finish.mutate({ code: secrets.oidcCode, verifier: challenge }),
    fetch(`${server.url}/oidc/callback?code=${secrets.oidcCode}&state=x`),
    fetch(`${server.url}/metrics`, { headers: { authorization: `Bearer ${secrets.metricsToken}` } }),
    fetch(`${server.url}/trpc/account.signIn`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.token}` },
      body: `{"password":${secrets.brokenJson}`,
    }),
    fetch(`${server.url}/trpc/${secrets.inPath}?token=${secrets.inPath}`),
    fetch(`${server.url}/files/${secrets.inPath}`, { headers: { authorization: `Bearer ${ann.token}` } }),
  )
  using socket = await openRawSocket(server.url, { token: ann.token })
  socket.send(`{"id":1,"method":"query","params":{"path":"${secrets.inPath}","input":"${secrets.inPath}"}}`)
  socket.send(`${secrets.brokenJson}{`)
  await socket.frames(2)
  await runCommand(['admin', 'accounts', 'make', 'cid', '--data', server.data], { input: secrets.password })
  const point = z
    .object({ secret: z.string() })
    .parse(JSON.parse(readFileSync(join(server.data, 'control/point.json'), 'utf8')))
  await server.stop()

  const said = `${server.stdout.text}\n${server.stderr.text}`
  // The log was written, and what went wrong is in it.
  expect(said).toContain('host-application-silent')
  expect(said).toContain('issuer')
  // Nobody tried to log what the log does not name.
  expect(said).not.toContain('withheld')
  for (const [name, secret] of Object.entries({
    ...secrets,
    token: ann.token,
    other: bob.token,
    control: point.secret,
  })) {
    expect(said.includes(secret), name).toBe(false)
  }
})
