import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { openBot } from '@parley/bot/open-bot'
import { openSqlite } from '@parley/sync/store/ciphers'
import { openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import { connect } from '@parley/client/connect'
import { signUp } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { expect, test } from 'vitest'
import { group, Heard, say, sealed, sees, shown, type Somebody, until } from './stage.ts'

const key = new Uint8Array(32).fill(3)

test.each([sealed, {}])(
  'S69: on a server that was put back a bot hears what is said there in place of what was lost, and nothing twice: %j',
  async (how) => {
    await using stack = new AsyncDisposableStack()
    const { path } = stack.use(temporaryFolder('parley-restored'))
    const [data, copy] = [join(path, 'data'), join(path, 'copy')]
    let server = await startServer({ settings: { data } })
    stack.defer(() => server.close())
    const person = stack.use(await signUp(server, { username: 'ada' }))
    const made = await person.http.bots.make.mutate({ username: 'helper' })

    const comeAda = async (): Promise<Somebody> => {
      const engine = openEngine({
        path: join(path, 'ada.db'),
        key,
        connect: (onState) => serverOver(connect({ url: server.url, token: person.token, onState })),
        onDefect: (error) => console.error(error),
      })
      await until(engine, (each) => each.connection().kind === 'online' && each.encryption().kind === 'ready')
      return { person, engine, id: person.account.id }
    }
    const comeBot = async () => {
      const bot = await openBot({ server: server.url, token: made.token, folder: join(path, 'bot') })
      return { bot, heard: new Heard(bot, (message, reply) => reply(`heard ${message.text}`)) }
    }
    const come = async () => ({ ada: await comeAda(), ...(await comeBot()) })
    const go = async ({ ada, bot }: Awaited<ReturnType<typeof come>>) => {
      await bot.close()
      await ada.engine.close()
      await server.close()
    }

    const first = await come()
    const id = await group(first.ada, [made.account.id], how)
    await say(first.ada, id, 'one')
    await sees(first.ada.engine, id, ['one', 'heard one'])
    await first.heard.until('one')
    await go(first)
    await cp(data, copy, { recursive: true })

    server = await startServer({ settings: { data } })
    const second = await come()
    await say(second.ada, id, 'two')
    await sees(second.ada.engine, id, ['one', 'heard one', 'two', 'heard two'])
    await second.heard.until('two')
    await go(second)

    await rm(data, { recursive: true })
    await cp(copy, data, { recursive: true })
    const file = openSqlite(join(data, 'parley.sqlite'), {})
    file.prepare<[string]>(`update meta set value = ? where key = 'logId'`).run('another log')
    file.close()
    server = await startServer({ settings: { data } })
    const ada = await comeAda()
    // One for each place that the bot has seen another message at.
    const lost = ['in place of two', 'in place of its answer', 'three']
    for (const text of lost) await say(ada, id, text)
    const third = { ada, ...(await comeBot()) }
    await third.heard.until('three')
    await say(ada, id, 'four')
    await third.heard.until('four')
    expect(third.heard.texts).toEqual([...lost, 'four'])
    await until(ada.engine, (each) => shown(each, id).includes('heard four'))
    expect(shown(ada.engine, id).filter((text) => text === 'heard one')).toHaveLength(1)
    await go(third)
  },
)
