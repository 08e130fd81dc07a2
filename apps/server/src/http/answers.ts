import type { ServerResponse } from 'node:http'
import { toTRPCError } from '@parley/api/errors'
import { Refusal } from '@parley/domain/refusal'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'

/** Answers with JSON that nobody keeps. */
export function answerJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  })
  response.end(text)
}

/** Says no over plain HTTP: the kind for programs, the message for people. */
export function answerRefusal(response: ServerResponse, refusal: Refusal): void {
  if (response.headersSent) return void response.destroy()
  if (refusal.detail.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', Math.ceil(refusal.detail.retryAfterMs / 1000))
  }
  answerJson(response, getHTTPStatusCodeFromError(toTRPCError(refusal)), {
    error: { kind: refusal.kind, message: refusal.message, ...refusal.detail },
  })
}

/** Answers what a route threw: refusals with their reason, anything else without. @returns whether it was a refusal. */
export function answerError(response: ServerResponse, error: unknown): boolean {
  if (error instanceof Refusal) {
    answerRefusal(response, error)
    return true
  }
  if (response.headersSent) response.destroy()
  else
    answerJson(response, 500, {
      error: { kind: 'defect', message: 'The server has failed at this. It is in its log.' },
    })
  return false
}
