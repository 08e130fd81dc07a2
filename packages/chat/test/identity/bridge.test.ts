import { openBridge } from '@parley/chat/identity/bridge'
import { bridgeVerifyMs } from '@parley/domain/limits'
import { FakeClock } from '@parley/testkit/fake-clock'
import { describe, expect, test } from 'vitest'

/** A host application whose answers wait until the test gives them. */
function slowHost() {
  const asked: string[] = []
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const userOf = async (session: string) => {
    asked.push(session)
    await released
    return `user of ${session}`
  }
  return { asked, release, host: { issuer: 'bridge:http://host.example', userOf } }
}

const sessions = (count: number) => Array.from({ length: count }, (_, at) => `session ${at}`)

describe('how much the host application is asked', () => {
  test('P5: only so many questions are put to it at once; the others follow, and all are answered', async () => {
    const { asked, host, release } = slowHost()
    const bridge = openBridge(new FakeClock(), host)
    const answers = Promise.all(sessions(100).map(bridge.userOf))
    await new Promise(setImmediate)
    expect(asked).toHaveLength(32)
    release()
    expect(await answers).toEqual(sessions(100).map((session) => `user of ${session}`))
    expect(asked).toHaveLength(100)
  })

  test('P5: a question that has waited too long is refused and not put any more', async () => {
    const { asked, host, release } = slowHost()
    const clock = new FakeClock()
    const bridge = openBridge(clock, host)
    const answers = Promise.allSettled(sessions(40).map(bridge.userOf))
    await new Promise(setImmediate)
    clock.advance(bridgeVerifyMs + 1)
    release()
    const refused = (await answers).filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(8)
    expect(refused).toEqual(
      refused.map(() => ({ status: 'rejected', reason: expect.objectContaining({ kind: 'too-many' }) })),
    )
    expect(asked).toHaveLength(32)
  })

  test('P5: past the number that may wait, further questions are refused at once', async () => {
    const { asked, host, release } = slowHost()
    const bridge = openBridge(new FakeClock(), host)
    const answers = Promise.all(sessions(10_000).map(bridge.userOf))
    await new Promise(setImmediate)
    const others = Promise.all(sessions(32).map(bridge.userOf))
    await expect(bridge.userOf('one more')).rejects.toMatchObject({ kind: 'too-many' })
    release()
    await answers
    await others
    expect(asked).toHaveLength(10_032)
  })
})
