import { openFaultProxy } from '@parley/testkit/fault-proxy'
import { afterAll, describe, expect, test } from 'vitest'
import { Following } from './following.ts'
import { say } from './saying.ts'
import { checkedSocket, follow, groupOf, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

/** Says things one after the other until told to stop. @returns what was acknowledged. */
function talk(speak: (text: string) => Promise<unknown>) {
  let stopped = false
  const said = (async () => {
    const texts: string[] = []
    for (let nth = 1; !stopped; nth += 1) {
      const text = `text ${nth}`
      await speak(text)
      texts.push(text)
    }
    return texts
  })()
  return {
    stop: () => {
      stopped = true
      return said
    },
  }
}

describe('P4: the stock client resumes by itself', () => {
  test('over connections that are cut again and again, nothing lost or doubled', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    await using proxy = await openFaultProxy(stage.server.url)
    const { api, close } = checkedSocket(proxy.through(stage.server.url).replace(/\/$/, ''), ben.token)
    const { cursor, logId } = await ben.api.stream.snapshot.query()
    using following = new Following(api, { cursor, logId })
    const talking = talk((text) => say(ada, conversationId, text))
    for (let cuts = 1; cuts <= 6; cuts += 1) {
      const before = following.texts.length
      await following.until(({ texts }) => texts.length > before + 3)
      proxy.cut()
    }
    const said = await talking.stop()
    await following.until(({ texts }) => texts.length >= said.length)
    const { messageId } = await say(ada, conversationId, 'the end')
    await following.reach(messageId)
    expect(following.texts).toEqual([...said, 'the end'])
    expect(following.positions).toEqual(
      [...new Set(following.positions)].toSorted((one, other) => one - other),
    )
    await close()
  })

  test('over one that hangs while messages go on', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    await using proxy = await openFaultProxy(stage.server.url)
    const { api, close } = checkedSocket(proxy.through(stage.server.url).replace(/\/$/, ''), ben.token)
    using following = await follow({ api })
    proxy.stall('down')
    for (let nth = 0; nth < 5; nth += 1) await say(ada, conversationId, `unheard ${nth}`)
    proxy.cut()
    proxy.resume()
    const { messageId } = await say(ada, conversationId, 'heard')
    await following.reach(messageId)
    expect(following.texts).toEqual([0, 1, 2, 3, 4].map((nth) => `unheard ${nth}`).concat('heard'))
    await close()
  })

  test('over a restart of the server', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    await using proxy = await openFaultProxy(stage.server.url)
    const { api, close } = checkedSocket(proxy.through(stage.server.url).replace(/\/$/, ''), ben.token)
    using following = await follow({ api })
    await say(ada, conversationId, 'before')
    await following.until(({ texts }) => texts.length === 1)
    proxy.refuse()
    const [adaBack] = await stage.restart(ada)
    await say(adaBack, conversationId, 'while away')
    proxy.retarget(stage.server.url)
    proxy.resume()
    const { messageId } = await say(adaBack, conversationId, 'afterwards')
    await following.reach(messageId)
    expect(following.texts).toEqual(['before', 'while away', 'afterwards'])
    await close()
  })

  test('P2: what was sent into a connection that was cut is sent again, and said once', async () => {
    const [ada, ben] = await stage.people(2)
    const conversationId = await groupOf(ada, [ben])
    using following = await follow(ben)
    await using proxy = await openFaultProxy(stage.server.url)
    const { api, close } = checkedSocket(proxy.through(stage.server.url).replace(/\/$/, ''), ada.token)
    await api.account.me.query()
    // The server takes the message, and its answer is lost.
    proxy.stall('down')
    const clientMessageId = crypto.randomUUID()
    const content = { kind: 'plain' as const, text: 'once' }
    const send = () => api.messages.send.mutate({ conversationId, clientMessageId, content })
    const unanswered = send().then(
      () => 'answered',
      () => 'cut off',
    )
    await following.until(({ texts }) => texts.length === 1)
    proxy.cut()
    proxy.resume()
    expect(await unanswered).toBe('cut off')
    expect(await send()).toMatchObject({ repeated: true })
    const { messageId } = await say(ben, conversationId, 'the end')
    await following.reach(messageId)
    expect(following.texts).toEqual(['once', 'the end'])
    await close()
  })
})
