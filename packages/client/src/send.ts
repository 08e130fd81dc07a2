import type { AppRouter } from '@parley/api/root'
import type { Sent } from '@parley/domain/messages'
import type { inferRouterInputs } from '@trpc/server'
import { type Api, patientContext } from './api.ts'
import { backoffMs } from './backoff.ts'
import { type Clock, pause } from './clock.ts'
import { newClientMessageId } from './message-id.ts'
import { ParleyError } from './parley-error.ts'

type SendInput = inferRouterInputs<AppRouter>['messages']['send']

/** What a message says: plain text, or content as the API has it. */
export type Saying = string | SendInput['content']

export interface SendOptions extends Partial<Omit<SendInput, 'conversationId' | 'content'>> {
  /**
   * The message's name; sent again under the same one, it stays one message, for ever (P2). A program that must not
   * say something twice, even if it is killed in between, makes the name of what the message answers.
   */
  readonly clientMessageId?: string
  /** Ends the waiting; the message may have been sent. */
  readonly signal?: AbortSignal
}

interface Surroundings {
  readonly api: Api
  readonly clock: Clock
  readonly random: () => number
}

/**
 * Sends a message, and keeps at it under the same name until the server has taken or refused it, however long the
 * connection is gone meanwhile. Messages that are sent without waiting for each other may change places when the
 * connection breaks or a rate limit is met: whoever cares waits for one before sending the next.
 *
 * @throws ParleyError with the refusal; `signed-out`, `closed` or `aborted`, which end the waiting; `server-failed`.
 */
export async function send(
  { api, clock, random }: Surroundings,
  conversationId: string,
  saying: Saying,
  { signal, ...options }: SendOptions = {},
): Promise<Sent> {
  const content = typeof saying === 'string' ? ({ kind: 'plain', text: saying } as const) : saying
  const input = {
    ...options,
    conversationId,
    content,
    clientMessageId: options.clientMessageId ?? newClientMessageId(),
  }
  for (let failures = 0; ; failures++) {
    try {
      return await api.messages.send.mutate(input, { context: patientContext, ...(signal && { signal }) })
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error
      const waitMs = waitMsAfter(error, failures, random)
      if (waitMs === null) throw error
      // A connection that was lost is waited for by the call itself.
      if (waitMs > 0) await pause(clock, waitMs, signal)
    }
  }
}

/** How long to wait before the same message can be taken; null where it never will be. */
function waitMsAfter(error: ParleyError, failures: number, random: () => number): number | null {
  if (error.kind === 'connection-lost') return 0
  if (error.kind === 'rate-limited') return (error.retryAfterMs ?? 0) + backoffMs(failures, random)
  return error.kind === 'shutting-down' ? backoffMs(failures, random) : null
}
