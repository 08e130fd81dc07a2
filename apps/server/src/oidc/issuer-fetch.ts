import { AnswerTooLarge, boundedBody } from '../bridge/bounded-body.ts'

/** Metadata and key sets have some kilobytes; this leaves room for certificates in them. */
const answerBytesMax = 1024 * 1024

/** The issuer could not be asked, or did not do its part: its connection, time, size or status says so. */
export class IssuerSilent extends Error {
  override readonly name = 'IssuerSilent'
  readonly reason: string

  constructor(reason: string, options?: ErrorOptions) {
    super(`The issuer gave no answer: ${reason}`, options)
    this.reason = reason
  }
}

/**
 * `fetch` for what is asked of the issuer: the whole answer is read within its signal's time and a bounded size.
 * @throws IssuerSilent
 */
export async function issuerFetch(url: string, init: RequestInit): Promise<Response> {
  try {
    const response = await fetch(url, init)
    const body = await boundedBody(response, answerBytesMax)
    if (response.status >= 500 || response.status === 429) throw new IssuerSilent(`status ${response.status}`)
    const { status, headers } = response
    return new Response(body.byteLength > 0 ? body : null, { status, headers })
  } catch (error) {
    if (error instanceof IssuerSilent) throw error
    throw new IssuerSilent(reasonOf(error), { cause: error })
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof AnswerTooLarge) return 'too large'
  if (!(error instanceof Error)) return 'unknown'
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name
}
