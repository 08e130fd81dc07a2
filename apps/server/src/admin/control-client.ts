import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { Refusal, refusalKinds } from '@parley/domain/refusal'
import { z } from 'zod'
import type { DataFolder } from '../serve/data-folder.ts'
import type { Action, Admin } from './actions.ts'
import { type ControlPoint, readControlPoint } from './control-file.ts'

const Refused = z.object({
  error: z.object({
    kind: z.enum(refusalKinds),
    message: z.string(),
    field: z.string().optional(),
    retryAfterMs: z.number().optional(),
  }),
})

/** What the system says when nobody listens: the server was killed, or is just stopping. */
const nobodyThere = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'])

/** Admin actions carried out by the server that runs on the folder. */
class RemoteAdmin implements Admin {
  readonly url: string
  readonly #point: ControlPoint

  constructor(point: ControlPoint) {
    this.url = point.url
    this.#point = point
  }

  async ask<Given, Output>(action: Action<Given, Output>, given: Given): Promise<Output> {
    const { status, body } = await this.post(action.name, given)
    if (status === 200) return action.read(body)
    const refused = Refused.safeParse(body)
    if (!refused.success)
      throw new Error(`The server has failed at this (status ${status}); its log says why.`)
    const { kind, message, ...detail } = refused.data.error
    throw new Refusal(kind, message, {
      ...(detail.field !== undefined && { field: detail.field }),
      ...(detail.retryAfterMs !== undefined && { retryAfterMs: detail.retryAfterMs }),
    })
  }

  async post(path: string, given: unknown): Promise<{ status: number; body: unknown }> {
    const sent = request({
      socketPath: this.#point.socket,
      path: `/${path}`,
      method: 'POST',
      headers: { authorization: `Bearer ${this.#point.secret}`, 'content-type': 'application/json' },
      agent: false,
    })
    sent.end(JSON.stringify(given))
    const response = await answerTo(sent)
    const chunks: Buffer[] = []
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
    return { status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

const answerTo = (sent: ClientRequest) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve)
    sent.once('error', reject)
  })

/** The server that runs on the folder; null when there is none. */
export async function reachServer(folder: DataFolder): Promise<Admin | null> {
  const point = readControlPoint(folder)
  if (point === null) return null
  const admin = new RemoteAdmin(point)
  try {
    await admin.post('', null)
    return admin
  } catch (error) {
    if (error instanceof Error && 'code' in error && nobodyThere.has(String(error.code))) return null
    throw error
  }
}
