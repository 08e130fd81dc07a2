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

    /** Both of them, on the server as it now is. */
    const come = async () => {
      const engine = openEngine({
        path: join(path, 'ada.db'),
        key,
        connect: (onState) => serverOver(connect({ url: server.url, token: person.token, onState })),
        onDefect: (error) => console.error(error),
      })
      const bot = await openBot({ server: server.url, token: made.token, folder: join(path, 'bot') })
      const heard = new Heard(bot, (message, reply) => reply(`heard ${message.text}`))
      const ada: Somebody = { person, engine, id: person.account.id }
      await until(engine, (each) => each.connection().kind === 'online' && each.encryption().kind === 'ready')
      const go = async () => {
        await bot.close()
        await engine.close()
        await server.close()
      }
      return { ada, heard, go }
    }

    const first = await come()
    const id = await group(first.ada, [made.account.id], how)
    await say(first.ada, id, 'one')
    await sees(first.ada.engine, id, ['one', 'heard one'])
    await first.heard.until('one')
    await first.go()
    await cp(data, copy, { recursive: true })

    server = await startServer({ settings: { data } })
    const second = await come()
    await say(second.ada, id, 'two')
    await sees(second.ada.engine, id, ['one', 'heard one', 'two', 'heard two'])
    await second.heard.until('two')
    await second.go()

    await rm(data, { recursive: true })
    await cp(copy, data, { recursive: true })
    const file = openSqlite(join(data, 'parley.sqlite'), {})
    file.prepare<[string]>(`update meta set value = ? where key = 'logId'`).run('another log')
    file.close()
    server = await startServer({ settings: { data } })
    const third = await come()
    await say(third.ada, id, 'in place of two')
    await third.heard.until('in place of two')
    await say(third.ada, id, 'three')
    await third.heard.until('three')
    expect(third.heard.texts).toEqual(['in place of two', 'three'])
    await until(third.ada.engine, (each) => shown(each, id).includes('heard three'))
    await third.go()
  },
)
