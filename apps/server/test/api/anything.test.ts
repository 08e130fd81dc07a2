import { setDisabled } from '@parley/chat/accounts/operator'
import { authenticate, startSession } from '@parley/chat/accounts/sessions'
import { refusalKinds, type RefusalKind } from '@parley/domain/refusal'
import { openRawSocket } from '@parley/testkit/raw-socket'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answerOf, answers, isProcedure, procedureTypes, type ProcedurePath } from './answers.ts'
import { Stage } from './stage.ts'
import { sceneOn } from './valid-inputs.ts'

const stage = await Stage.open()
afterAll(() => stage.close())
const { actor, inputs, ids } = await sceneOn(stage)

/** What breaks programs in the places where it is not expected. */
const odd = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\u2028',
  "'; drop table account; --",
  '__proto__',
  'constructor',
  '%',
  '*',
  'x'.repeat(300),
  'é'.repeat(1_000),
  '\u{1f600}'.repeat(40),
  -1,
  0,
  -0,
  0.1,
  1e21,
  1e308,
  2 ** 31,
  2 ** 53,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  8_640_000_000_000_001,
  true,
  false,
  null,
  [],
  {},
  { kind: 'sealed', sealed: 'c2VhbGVk' },
  { kind: 'deleted' },
  Array.from({ length: 101 }, () => ids[1]),
]

const anything = fc.jsonValue({ maxDepth: 3 })
const value = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...odd) },
  { weight: 2, arbitrary: fc.constantFrom(...ids) },
  { weight: 1, arbitrary: anything },
)
type Fields = Record<string, unknown>
const isFields = (input: unknown): input is Fields =>
  typeof input === 'object' && input !== null && !Array.isArray(input)

/** Inputs that are nearly valid: a field or two dropped, added, or given something else. */
function nearly(valid: unknown): fc.Arbitrary<unknown> {
  if (!isFields(valid)) return value
  const key = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...Object.keys(valid)) },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'toString', 'more') },
  )
  const change = fc.record({ key, value, isDropped: fc.boolean() })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const fields = new Map(Object.entries(valid))
    for (const each of changes) {
      if (each.isDropped) fields.delete(each.key)
      else fields.set(each.key, each.value)
    }
    return Object.fromEntries(fields)
  })
}

const inputFor = (path: ProcedurePath) =>
  fc.oneof(
    { weight: 6, arbitrary: nearly(inputs[path]) },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.constant(inputs[path]) },
  )

const Answer = z.object({ result: z.object({ data: z.unknown().optional() }) })
const Refused = z.object({
  error: z.object({
    data: z.object({
      httpStatus: z.int().min(400).max(599),
      refusal: z.object({ kind: z.enum(refusalKinds), field: z.string().optional() }),
    }),
  }),
})

/** A token that still is one: some of what is called here ends the session that calls it, or its account. */
let token = actor.token
async function freshToken(): Promise<string> {
  const { chat } = stage.server
  if (await authenticate(chat, token)) return token
  await setDisabled(chat, { accountId: actor.id, disabled: false })
  const account = await chat.db.read.accounts.byId(actor.id)
  if (!account) throw new Error('The account is gone')
  token = (await chat.db.write((tx) => startSession(tx, account, 'Fresh', chat.clock.now()))).token
  return token
}

/** Calls over HTTP, and holds the answer or the refusal to its schema. @returns which it was. */
async function outcomeOf(
  path: ProcedurePath,
  input: unknown,
  bearer: string | null,
): Promise<'answered' | RefusalKind> {
  const url = `${stage.server.url}/trpc/${path}`
  const text = JSON.stringify(input)
  const headers = {
    'content-type': 'application/json',
    ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
  }
  const query = text === undefined ? '' : `?input=${encodeURIComponent(text)}`
  const response =
    procedureTypes.get(path) === 'query'
      ? await fetch(url + query, { headers })
      : await fetch(url, { method: 'POST', headers, body: text })
  const body: unknown = await response.json()
  if (response.ok) {
    answerOf(path).parse(Answer.parse(body).result.data)
    return 'answered'
  }
  const { httpStatus, refusal } = Refused.parse(body).error.data
  expect(httpStatus).toBe(response.status)
  return refusal.kind
}

const atOnce = 20
/** After these there is less to be found. */
const ends = /\.(signOut|setDisabled|disable|close|leave|removeMember|handOver|delete|revoke|revokeOthers)$/

describe('P9: whatever goes into a procedure, a typed answer or an enumerated refusal comes out', () => {
  const paths = Object.keys(answers).filter(isProcedure)
  const overHttp = paths
    .filter((path) => procedureTypes.get(path) !== 'subscription')
    .toSorted((one, other) => Number(ends.test(one)) - Number(ends.test(other)))

  test.for(overHttp)('%s', async (path) => {
    // Else what is nearly like it would say little.
    expect(await outcomeOf(path, inputs[path], await freshToken())).not.toBe('invalid-input')
    await fc.assert(
      fc.asyncProperty(
        fc.array(inputFor(path), { minLength: atOnce, maxLength: atOnce }),
        fc.nat({ max: 9 }).map((chance) => chance === 0),
        async (some, isSignedOut) => {
          const bearer = isSignedOut ? null : await freshToken()
          const { chat, logged } = stage.server
          const head = chat.db.head()
          const outcomes = await Promise.all(some.map((input) => outcomeOf(path, input, bearer)))
          // What is refused changes nothing.
          if (!outcomes.includes('answered')) expect(chat.db.head()).toBe(head)
          expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([])
          expect((await stage.anyone.server.info.query()).name).toBe('Parley')
        },
      ),
      { numRuns: 2 },
    )
  })

  test('stream.follow', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(inputFor('stream.follow'), { minLength: atOnce, maxLength: atOnce }),
        async (some) => {
          using socket = await openRawSocket(stage.server.url, { token: await freshToken() })
          const paramsOf = (input: unknown) => ({ path: 'stream.follow', input })
          some.forEach((input, nth) =>
            socket.send({ id: `call ${nth}`, method: 'subscription', params: paramsOf(input) }),
          )
          for (const nth of some.keys()) {
            const answer = await socket.find(`"call ${nth}"`)
            if (!Refused.safeParse(answer).success) {
              expect(answer).toMatchObject({ result: { type: 'started' } })
            }
          }
          socket.send({ id: 'the end', method: 'query', params: { path: 'account.me' } })
          expect(await socket.find('"the end"')).toMatchObject({ result: { data: { id: actor.id } } })
        },
      ),
      { numRuns: 2 },
    )
    const { logged } = stage.server
    expect(logged.filter((line) => line.includes('"level":"error"'))).toEqual([])
  })
})
