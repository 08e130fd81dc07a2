import type { ChatLog } from '@parley/chat/chat'
import type { HostApplication } from '@parley/chat/identity/ports'
import { bridgeVerifyMs } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import { z } from 'zod'
import { boundedBody } from './bounded-body.ts'

const answerBytesMax = 16 * 1024

/** An id of the application's: some number theirs. A number that JSON cannot carry exactly would name two people. */
const UserId = z.union([z.string().min(1).max(255), z.int().transform(String)])

const Answer = z.union([
  z.object({ loggedin: z.literal(true), uID: UserId }),
  z.object({ loggedin: z.literal(false) }).transform(({ loggedin }) => ({ loggedin, uID: null })),
])

/** What came back was no answer to the question. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly reason: string
  readonly status: number | undefined

  constructor(reason: string, status?: number) {
    super(reason)
    this.reason = reason
    this.status = status
  }
}

/**
 * The web application beside Parley, asked over HTTP. A redirect is not followed, as the session id would go along to
 * wherever it points.
 * @param options.verifyUrl where it takes `{"SESSID":"..."}` and says `{"loggedin":true,"uID":"..."}` or `{"loggedin":false}`.
 * @param options.log gets `host-application-silent` with the reason when it does not; never the session id.
 */
export function hostApplication(options: {
  verifyUrl: string
  log: ChatLog
  /** For tests. */
  verifyMs?: number
}): HostApplication {
  const { verifyUrl, log, verifyMs = bridgeVerifyMs } = options
  return {
    issuer: `bridge:${new URL(verifyUrl).origin}`,
    async userOf(hostSession) {
      try {
        return await ask(verifyUrl, hostSession, verifyMs)
      } catch (error) {
        log('host-application-silent', { ...whyOf(error), verifyMs })
        throw new Refusal(
          'identity-provider-unavailable',
          'The web application did not say who is logged in: try again later.',
        )
      }
    },
  }
}

async function ask(verifyUrl: string, hostSession: string, verifyMs: number): Promise<string | null> {
  const response = await fetch(verifyUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ SESSID: hostSession }),
    redirect: 'manual',
    signal: AbortSignal.timeout(verifyMs),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new NoAnswer('status', response.status)
  }
  const answer = Answer.safeParse(parsed((await boundedBody(response, answerBytesMax)).toString('utf8')))
  if (!answer.success) throw new NoAnswer('not-as-agreed', response.status)
  return answer.data.uID
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new NoAnswer('not-json')
  }
}

/** Never the whole error: what it quotes may be the answer, and with it whatever the application says of its sessions. */
function whyOf(error: unknown): Record<string, unknown> {
  if (error instanceof NoAnswer) {
    const { reason, status } = error
    return status === undefined ? { reason } : { reason, status }
  }
  if (!(error instanceof Error)) return { reason: 'unknown' }
  const { name: reason, cause } = error
  return cause instanceof Error && 'code' in cause ? { reason, code: cause.code } : { reason }
}
