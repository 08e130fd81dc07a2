import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openRawSocket } from '@parley/testkit/raw-socket'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answers, procedureTypes } from './answers.ts'
import { Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

const paths = [...procedureTypes.keys()]
const open = new Set([
  'account.signUp',
  'account.signIn',
  'bridge.signIn',
  'oidc.start',
  'oidc.finish',
  'server.info',
])
const verbs: Readonly<Record<string, string>> = {
  query: 'query',
  mutation: 'mutate',
  subscription: 'subscribe',
}

const Refused = z.object({
  error: z.object({ data: z.object({ httpStatus: z.int(), refusal: z.object({ kind: z.string() }) }) }),
})

/** Calls without input, as any program could; and says how it was refused. */
async function refused(path: string, token?: string) {
  const type = procedureTypes.get(path)
  if (type === 'subscription') {
    using socket = await openRawSocket(stage.server.url, token === undefined ? {} : { token })
    socket.send({ id: 1, method: 'subscription', params: { path } })
    const [answer] = await socket.frames(1)
    return Refused.parse(answer).error.data
  }
  const response = await fetch(`${stage.server.url}/trpc/${path}`, {
    method: type === 'query' ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  })
  return Refused.parse(await response.json()).error.data
}

describe('every procedure', () => {
  test('is called by a test here or of sealed conversations, and says what it answers with', () => {
    const tests = [import.meta.dirname, join(import.meta.dirname, '../sealed')]
      .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
      .filter((path) => path.endsWith('.ts'))
      .map((path) => readFileSync(path, 'utf8'))
      .join('\n')
    const uncalled = paths.filter((path) => {
      const call = `.${path}.${verbs[procedureTypes.get(path) ?? '']}(`
      return !tests.includes(call)
    })
    expect(uncalled).toEqual([])
    expect(Object.keys(answers).toSorted()).toEqual(paths.toSorted())
  })

  test.for(paths.filter((path) => !open.has(path)))('P6: %s is for who is signed in', async (path) => {
    expect(await refused(path)).toMatchObject({ httpStatus: 401, refusal: { kind: 'signed-out' } })
  })

  test('P6: all that belongs to the operator is refused to everybody else, bots of an operator among them', async () => {
    const operator = await stage.operator()
    const member = await stage.person()
    const bot = await operator.api.bots.make.mutate({ username: 'bot-of-operator' })
    const ofOperators = paths.filter((path) => path.startsWith('admin.'))
    expect(ofOperators.length).toBeGreaterThan(0)
    for (const path of ofOperators) {
      for (const token of [member.token, bot.token]) {
        expect(await refused(path, token), path).toEqual(
          expect.objectContaining({ httpStatus: 403, refusal: { kind: 'not-allowed' } }),
        )
      }
    }
  })
})
