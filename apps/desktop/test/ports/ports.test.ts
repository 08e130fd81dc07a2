import { initTRPC } from '@trpc/server'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Caller, clientOver, portErrorOf } from '../../src/ports/caller.ts'
import { portOfPage } from '../../src/ports/port.ts'
import { serve } from '../../src/ports/serve.ts'
import { callsAtOnceMax } from '../../src/ports/wire.ts'

const t = initTRPC.create()

/** Something that a test waits for, and something that waits for the test. */
const gate = () => Promise.withResolvers<void>()

function makeRouter() {
  const asked: string[] = []
  const entered = gate()
  const release = gate()
  const stopped = gate()
  const router = t.router({
    echo: t.procedure.input(z.strictObject({ text: z.string() })).query(({ input }) => input.text),
    bytes: t.procedure.input(z.instanceof(Uint8Array)).mutation(({ input }) => input.toReversed()),
    fail: t.procedure.mutation(() => {
      throw new RangeError('too much')
    }),
    wait: t.procedure.mutation(async () => {
      asked.push('wait')
      entered.resolve()
      await release.promise
    }),
    look: t.procedure.query(async () => {
      asked.push('look')
      entered.resolve()
      await release.promise
      return 'seen'
    }),
    count: t.procedure.subscription(async function* ({ signal }) {
      asked.push('count')
      yield 1
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
      stopped.resolve()
    }),
  })
  return { router, asked, entered, release, stopped }
}

type TestRouter = ReturnType<typeof makeRouter>['router']

function connect(router: TestRouter, caller = new Caller()) {
  const { port1, port2 } = new MessageChannel()
  serve(portOfPage(port1), {
    router,
    context: {},
    troubleOf: (error) => ({
      kind: error instanceof z.ZodError ? 'invalid-input' : 'defect',
      message: error instanceof Error ? error.message : String(error),
    }),
  })
  caller.attach(portOfPage(port2))
  return { caller, client: clientOver<TestRouter>(caller), far: port1, near: port2 }
}

const troubleOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return portErrorOf(error)?.kind
}

test('calls are answered with what they return, bytes too', async () => {
  const { client, near } = connect(makeRouter().router)
  expect(await client.echo.query({ text: 'hello' })).toBe('hello')
  expect(await client.bytes.mutate(Uint8Array.of(1, 2, 3))).toEqual(Uint8Array.of(3, 2, 1))
  near.close()
})

test('P9: what is thrown comes as a kind and a message, and bad input as what it is', async () => {
  const { client, near } = connect(makeRouter().router)
  const wrong: { text: string } = JSON.parse('{"text":1}')
  expect(await troubleOf(client.echo.query(wrong))).toBe('invalid-input')
  expect(await troubleOf(client.fail.mutate())).toBe('defect')
  near.close()
})

test('a message that is no call is passed over', async () => {
  const { client, near } = connect(makeRouter().router)
  for (const message of [null, 7, 'call', {}, { kind: 'call' }, { kind: 'stop', id: 'x' }])
    near.postMessage(message)
  expect(await client.echo.query({ text: 'still here' })).toBe('still here')
  near.close()
})

test('calls that are made before there is a port wait for it', async () => {
  const caller = new Caller()
  const answer = clientOver<TestRouter>(caller).echo.query({ text: 'early' })
  const { near } = connect(makeRouter().router, caller)
  expect(await answer).toBe('early')
  near.close()
})

test('when the process behind it is another one, queries are asked again and mutations are rejected', async () => {
  const first = makeRouter()
  const { caller, client, far } = connect(first.router)
  const look = client.look.query()
  const wait = troubleOf(client.wait.mutate())
  await first.entered.promise
  far.close()
  expect(await wait).toBe('interrupted')
  const second = makeRouter()
  second.release.resolve()
  const { near } = connect(second.router, caller)
  expect(await look).toBe('seen')
  expect(second.asked).toEqual(['look'])
  near.close()
})

test('a mutation under way is rejected too when a new port takes the place of one that is still open', async () => {
  const first = makeRouter()
  const { caller, client } = connect(first.router)
  const wait = troubleOf(client.wait.mutate())
  await first.entered.promise
  const second = makeRouter()
  const { near } = connect(second.router, caller)
  expect(await wait).toBe('interrupted')
  expect(second.asked).toEqual([])
  near.close()
})

test('a subscription goes on over the next port, and is stopped when nobody listens', async () => {
  const first = makeRouter()
  const { caller, client, far } = connect(first.router)
  const heard: number[] = []
  const twice = gate()
  const subscription = client.count.subscribe(undefined, {
    onData(value) {
      heard.push(value)
      if (heard.length === 2) twice.resolve()
    },
  })
  await client.echo.query({ text: 'so that it has begun' })
  far.close()
  await first.stopped.promise
  const second = makeRouter()
  const { near } = connect(second.router, caller)
  await twice.promise
  expect(heard).toEqual([1, 1])
  subscription.unsubscribe()
  await second.stopped.promise
  near.close()
})

test('P5: more calls at once than the limit are refused, and the others are answered', async () => {
  const { router, release } = makeRouter()
  const { client, near } = connect(router)
  const answers = Array.from({ length: callsAtOnceMax + 1 }, () => client.look.query())
  expect(await troubleOf(answers[callsAtOnceMax] ?? Promise.resolve())).toBe('too-many')
  release.resolve()
  expect(new Set(await Promise.all(answers.slice(0, callsAtOnceMax)))).toEqual(new Set(['seen']))
  near.close()
})
