import { callsPerBatchMax, epochMessagesMax, epochMs } from '@parley/domain/limits'
import type { ConversationId } from '@parley/domain/ids'
import { fromText } from '@parley/domain/sealed/bytes'
import { readChainEntry } from '@parley/domain/sealed/chain-entry'
import type { Clock, Followed, ServerPort } from '@parley/sync/ports'
import type { SealedPort } from '@parley/sync/sealing/port'
import { systemClock } from '@parley/client/clock'
import { expect, test } from 'vitest'
import { until } from '../devices.ts'
import {
  did,
  isOpen,
  named,
  ready,
  say,
  sealedGroup,
  sealedStage,
  sees,
  shown,
  type Somebody,
} from './people.ts'
import { RawMember } from './raw.ts'

/** Real time, moved on by as much as is said. */
function movedClock() {
  const moved = { ms: 0 }
  const clock: Clock = { now: () => Date.now() + moved.ms, after: (ms, call) => systemClock.after(ms, call) }
  return { moved, clock }
}

const opsOf = async ({ person }: Pick<Somebody, 'person'>, conversationId: ConversationId) => {
  const { entries } = await person.api.sealed.chain.query({ conversationId })
  return entries.map(({ entry }) => readChainEntry(fromText(entry)).change.op)
}

/** Holds back what a program asks of its server, or hears from it. */
class Holding {
  on = false
  readonly held = Promise.withResolvers<void>()
  readonly #free = Promise.withResolvers<void>()

  release(): void {
    this.on = false
    this.#free.resolve()
  }

  async #wait(): Promise<void> {
    if (!this.on) return
    this.held.resolve()
    await this.#free.promise
  }

  #around(server: ServerPort, change: (sealed: SealedPort) => Partial<SealedPort>): ServerPort {
    const { sealed } = server
    if (!sealed) throw new Error('This server knows of no devices')
    return {
      ...server,
      get state() {
        return server.state
      },
      sealed: { ...sealed, ...change(sealed) },
    }
  }

  readonly send = (server: ServerPort): ServerPort =>
    this.#around(server, (sealed) => ({ send: (message) => this.#wait().then(() => sealed.send(message)) }))

  readonly append = (server: ServerPort): ServerPort =>
    this.#around(server, (sealed) => ({ append: (wish) => this.#wait().then(() => sealed.append(wish)) }))

  readonly stream = (server: ServerPort): ServerPort => ({
    ...server,
    get state() {
      return server.state
    },
    follow: (options) => this.#late(server.follow(options)),
  })

  async *#late(events: AsyncIterable<Followed>): AsyncGenerator<Followed, void, undefined> {
    for await (const event of events) {
      await this.#wait()
      yield event
    }
  }
}

test('S75: after 1,000 messages whoever sends begins the next epoch, two who do so at once begin one, and nothing is lost', async () => {
  await using stage = await sealedStage(['ada', 'ben'])
  const [ada, ben] = [named(stage.people, 0), named(stage.people, 1)]
  const carl = await RawMember.begin(await stage.person('carl'))
  const id = await sealedGroup(ada, [ben, { ...ada, id: carl.id }])
  await isOpen(ada.engine, id)
  await carl.read(id)
  for (let left = epochMessagesMax - 1; left > 0; left -= callsPerBatchMax)
    await Promise.all(
      Array.from({ length: Math.min(left, callsPerBatchMax) }, (_, at) => carl.say(String(left - at))),
    )
  await carl.say('the last of the epoch')
  for (const { engine } of [ada, ben])
    await until(engine, (each) => shown(each, id).at(-1) === 'the last of the epoch')
  expect(await opsOf(ada, id)).toEqual(['create'])
  await Promise.all([say(ada, id, 'by ada'), say(ben, id, 'by ben')])
  expect(await opsOf(ada, id)).toEqual(['create', 'epoch'])
  for (const { engine } of [ada, ben])
    await until(engine, (each) => shown(each, id).slice(-2).toSorted().join() === 'by ada,by ben')
  // Nothing more of the epoch before is taken, and what is sealed anew is.
  await expect(carl.say('too late')).rejects.toThrow(/Read the chain on/)
  await carl.read(id)
  await carl.say('in time')
  for (const { engine } of [ada, ben]) await until(engine, (each) => shown(each, id).at(-1) === 'in time')
})

test('S75: after seven days two devices of one account begin one epoch, and what was sealed before is sealed again', async () => {
  const { moved, clock } = movedClock()
  await using stage = await sealedStage([])
  const ada = await stage.open(await stage.person('ada'), { clock })
  const holding = new Holding()
  const ben = await stage.open(await stage.person('ben'), { around: holding.send })
  const [slow, deaf] = [new Holding(), new Holding()]
  const second = await stage.another(ada, { clock, around: (server) => slow.append(deaf.stream(server)) })
  await second.engine.enterLinkCode(ada.engine.beginLink().code)
  await ready(second.engine)
  const id = await sealedGroup(ada, [ben])
  await say(ada, id, 'on the first day')
  for (const { engine } of [ben, second]) await sees(engine, id, ['on the first day'])
  await isOpen(second.engine, id)
  moved.ms += epochMs - 60_000
  await say(ada, id, 'on the seventh')
  expect(await opsOf(ada, id)).toEqual(['create'])
  await sees(second.engine, id, ['on the first day', 'on the seventh'])
  // Sealed in the epoch that ends while it is on its way.
  holding.on = true
  const late = say(ben, id, 'from before')
  await holding.held.promise
  moved.ms += 120_000
  // It has signed an epoch, too, and is not told yet that another is there.
  slow.on = true
  deaf.on = true
  const other = say(second, id, 'other')
  await slow.held.promise
  await say(ada, id, 'one')
  expect(await opsOf(ada, id)).toEqual(['create', 'epoch'])
  slow.release()
  await other
  deaf.release()
  expect(await opsOf(ada, id)).toEqual(['create', 'epoch'])
  holding.release()
  await late
  expect(await opsOf(ada, id)).toEqual(['create', 'epoch'])
  for (const { engine } of [ada, second, ben])
    await until(engine, (each) => shown(each, id).slice(2).toSorted().join() === 'from before,one,other')
  // One whose clock is a week behind has no reason to begin another.
  await say(ben, id, 'by another clock')
  await did(second.engine, { kind: 'send', conversationId: id, content: { kind: 'plain', text: 'the end' } })
  expect(await opsOf(ada, id)).toEqual(['create', 'epoch'])
})
