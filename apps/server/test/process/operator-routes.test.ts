import { FakeClock } from '@parley/testkit/fake-clock'
import { signUp } from '@parley/testkit/people'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { startServer } from '@parley/testkit/start-server'
import { describe, expect, test } from 'vitest'
import { WriteWatch } from '../../src/serve/write-watch.ts'

/** The value of a metric, by its name and labels as they stand in the text. */
async function metric(
  url: string,
  name: string,
  headers: Record<string, string> = {},
): Promise<number | undefined> {
  const text = await (await fetch(`${url}/metrics`, { headers })).text()
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return line === undefined ? undefined : Number(line.slice(name.length + 1))
}

describe('/healthz', () => {
  test('is 200 while the server reads and writes', async () => {
    await using server = await startServer()
    const response = await fetch(`${server.url}/healthz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'ok', commitWaitMs: 0 })
  })

  test('is 503 while the server stops, and everything else is refused with the reason', async () => {
    await using server = await startServer()
    using socket = await openRawSocket(server.url)
    const calls = Array.from({ length: 8 }, (_, id) => ({
      id,
      method: 'mutation',
      params: {
        path: 'account.signUp',
        input: { username: `person-${id}`, password: `hard to guess ${id}` },
      },
    }))
    socket.send(calls)
    await socket.frames(1)
    const closed = server.close()
    const health = await fetch(`${server.url}/healthz`)
    expect({ status: health.status, body: await health.json() }).toEqual({
      status: 503,
      body: { status: 'stopping' },
    })
    const other = await fetch(`${server.url}/trpc/server.info`)
    expect(other.status).toBe(503)
    expect(await other.json()).toMatchObject({ error: { kind: 'shutting-down' } })
    await closed
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
  })

  test('is 503 when the database cannot be read', async () => {
    await using server = await startServer()
    await server.chat.db.close()
    const response = await fetch(`${server.url}/healthz`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ status: 'reads-fail' })
  })
})

describe('writes that wait and see no commit', () => {
  const watched = () => {
    const clock = new FakeClock()
    const stats = { groups: 0, writes: 0, refusedWrites: 0, waiting: 0, searchBehind: 0 }
    return { clock, stats, watch: new WriteWatch({ stats }, clock) }
  }

  test('are noticed, and for how long', () => {
    const { clock, stats, watch } = watched()
    stats.waiting = 3
    clock.advance(1_000)
    clock.advance(7_000)
    expect(watch.waitingMs()).toBe(7_000)
    stats.groups += 1
    expect(watch.waitingMs()).toBe(0)
    watch[Symbol.dispose]()
    expect(clock.waiting).toBe(0)
  })

  test('are none while commits come, or nothing waits', () => {
    const { clock, stats, watch } = watched()
    for (let second = 0; second < 10; second += 1) {
      stats.waiting = 5
      stats.groups += 1
      clock.advance(1_000)
    }
    expect(watch.waitingMs()).toBe(0)
    stats.waiting = 0
    clock.advance(60_000)
    expect(watch.waitingMs()).toBe(0)
  })
})

describe('/metrics', () => {
  test('counts connections, streams, commits and refusals', async () => {
    await using server = await startServer()
    await using ann = await signUp(server)
    using socket = await openRawSocket(server.url, { token: ann.token })
    socket.send({ id: 1, method: 'subscription', params: { path: 'stream.follow', input: { cursor: 0 } } })
    await socket.find('"live"')
    for (const call of ['account.me', 'messages.page']) {
      const headers = new Headers(call === 'account.me' ? {} : { authorization: `Bearer ${ann.token}` })
      expect((await fetch(`${server.url}/trpc/${call}`, { headers })).ok).toBe(false)
    }
    const { url } = server
    expect(await metric(url, 'parley_connections')).toBe(1)
    expect(await metric(url, 'parley_readers')).toBe(1)
    expect(await metric(url, 'parley_accounts_online')).toBe(1)
    expect(await metric(url, 'parley_log_position')).toBe(server.chat.delivery.head())
    expect(await metric(url, 'parley_commit_groups_total')).toBe(server.chat.db.stats.groups)
    expect(await metric(url, 'parley_writes_total')).toBeGreaterThanOrEqual(1)
    expect(await metric(url, 'parley_refusals_total{kind="signed-out",path="account.me"}')).toBe(1)
    expect(await metric(url, 'parley_refusals_total{kind="invalid-input",path="messages.page"}')).toBe(1)
    for (const name of [
      'parley_buffered_bytes',
      'parley_readers_fell_behind_total',
      'parley_commit_wait_seconds',
      'parley_writes_waiting',
      'parley_event_loop_lag_p99_seconds',
      'parley_connections_refused_total{reason="origin"}',
      'parley_transfers',
      'parley_write_seconds_count',
    ]) {
      expect({ name, value: await metric(url, name) }).toEqual({ name, value: expect.any(Number) })
    }
  })

  test('does not keep the paths that callers make up', async () => {
    await using server = await startServer()
    for (const made of ['a.b', 'c.d']) await fetch(`${server.url}/trpc/${made}`)
    expect(await metric(server.url, 'parley_refusals_total{kind="NOT_FOUND",path="unknown"}')).toBe(2)
    const text = await (await fetch(`${server.url}/metrics`)).text()
    expect(text).not.toContain('c.d')
  })

  test('are for this machine, and not for what a proxy on it passes on', async () => {
    await using server = await startServer()
    const response = await fetch(`${server.url}/metrics`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
    expect(response.status).toBe(403)
  })

  test('are for who has the token, where the operator has set one', async () => {
    const metricsToken = 'a-token-of-20-signs.'
    await using server = await startServer({ settings: { metricsToken } })
    expect((await fetch(`${server.url}/metrics`)).status).toBe(403)
    expect(await metric(server.url, 'parley_connections', { authorization: 'Bearer wrong' })).toBeUndefined()
    expect(await metric(server.url, 'parley_connections', { authorization: `Bearer ${metricsToken}` })).toBe(
      0,
    )
  })
})
