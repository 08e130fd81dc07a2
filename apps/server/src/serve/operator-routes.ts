import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Chat } from '@parley/chat/chat'
import { isLoopback } from '../http/addresses.ts'
import { answerJson } from '../http/answers.ts'
import { bearerToken } from '../http/api-context.ts'
import type { Route } from '../http/routes.ts'
import type { Metrics } from './metrics.ts'
import type { WriteWatch } from './write-watch.ts'

/** Writes that have seen no commit for so long mean that the server is of no use to anybody. */
const commitWaitHealthyMs = 5_000

export interface HealthSource {
  readonly chat: Chat
  readonly writes: WriteWatch
  readonly isStopping: () => boolean
}

/**
 * Whether the server does its work: it reads from its database, and what waits to be written gets written. 200 or
 * 503, for load balancers and service managers; it tells nobody anything that concerns people.
 */
export const healthRoute = ({ chat, writes, isStopping }: HealthSource): Route => ({
  path: '/healthz',
  answersWhileStopping: true,
  async handleRequest(_request, response) {
    const commitWaitMs = writes.waitingMs()
    if (isStopping()) return answerJson(response, 503, { status: 'stopping' })
    if (commitWaitMs > commitWaitHealthyMs)
      return answerJson(response, 503, { status: 'writes-stalled', commitWaitMs })
    try {
      await chat.db.read.log.id()
    } catch (error) {
      chat.log('health-read-failed', { error })
      return answerJson(response, 503, { status: 'reads-fail', commitWaitMs })
    }
    answerJson(response, 200, { status: 'ok', commitWaitMs })
  },
})

/** For Prometheus: open to this machine when no token is set and no proxy stands between, else to who has the token. */
export const metricsRoute = (metrics: Metrics, token: string | undefined): Route => ({
  path: '/metrics',
  async handleRequest(request, response) {
    if (!mayReadMetrics(request, token)) {
      return answerJson(response, 403, {
        error: {
          kind: 'not-allowed',
          message: 'The metrics are for the operator: see the setting metricsToken.',
        },
      })
    }
    const text = await metrics.text()
    response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text)
  },
})

function mayReadMetrics(request: IncomingMessage, token: string | undefined): boolean {
  // What a proxy on this machine passes on comes from loopback too, and from anybody.
  if (token === undefined)
    return (
      isLoopback(request) &&
      request.headers['x-forwarded-for'] === undefined &&
      request.headers.forwarded === undefined
    )
  const given = bearerToken(request)
  return given !== null && timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string) => createHash('sha256').update(text).digest()
