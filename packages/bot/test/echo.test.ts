import { expect, test } from 'vitest'
import { host, patience } from './host.ts'
import { botStage, direct, group, say, sealed, sees, until } from './stage.ts'

test(
  'the example answers in a sealed group, a plain one and sealed direct conversations, and ends in order',
  patience,
  async () => {
    await using stage = await botStage()
    const ada = await stage.somebody('ada')
    const made = await stage.account(ada, 'echo')
    await using echo = host(new URL('echo.ts', import.meta.url), {
      url: stage.server.url,
      token: made.token,
      folder: stage.folder(),
    })
    await echo.lines.find((line) => line === 'echo listens in 0 conversations')
    const groups = [
      await group(ada, [made.account.id], sealed),
      await group(ada, [made.account.id]),
      await direct(ada, made.account.id, true),
    ]
    for (const id of groups) {
      await say(ada, id, 'hello')
      await sees(ada.engine, id, ['hello', 'hello'])
      const { items } = ada.engine.timeline({ conversationId: id, at: { kind: 'newest' } })
      expect(items[1]).toMatchObject({ authorId: made.account.id, replyTo: items[0]?.id })
    }
    expect(await until(ada.engine, (each) => each.person(made.account.id))).toMatchObject({ bot: true })
    expect(await echo.stop()).toBe(0)
  },
)
