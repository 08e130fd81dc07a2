import type { ServerResponse } from 'node:http'
import { Refusal } from '@parley/domain/refusal'
import type { RefusalDetail, RefusalKind } from '@parley/domain/refusal'
import { answerError, answerJson } from '../http/answers.ts'

/** A refusal to which HTTP or the upload protocol gives a status of its own. */
export class HttpRefusal extends Refusal {
  readonly status: number

  constructor(status: number, kind: RefusalKind, message: string, detail: RefusalDetail = {}) {
    super(kind, message, detail)
    this.status = status
  }
}

/** The connection ended before the request had: there is nobody to answer. */
export class CutOff extends Error {
  override readonly name = 'CutOff'
}

/** @returns false for a defect, which is answered, and has to be logged. */
export function answerFilesError(response: ServerResponse, error: unknown): boolean {
  if (error instanceof CutOff) {
    response.destroy()
    return true
  }
  const status = statusOf(error)
  if (status === undefined || !(error instanceof Refusal) || response.headersSent)
    return answerError(response, error)
  answerJson(response, status, { error: { kind: error.kind, message: error.message, ...error.detail } })
  return true
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpRefusal) return error.status
  // "Insufficient Storage" says more than the 503 by which tRPC, which has no such code, goes.
  return error instanceof Refusal && error.kind === 'storage-full' ? 507 : undefined
}
