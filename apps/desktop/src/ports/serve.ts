import { type AnyRouter, callTRPCProcedure } from '@trpc/server'
import { type Answered, Asked, type Trouble, callsAtOnceMax } from './wire.ts'
import type { Port } from './port.ts'

export interface Served<Router extends AnyRouter> {
  readonly router: Router
  readonly context: Router['_def']['_config']['$types']['ctx']
  /** Turns what a procedure threw into what the caller is told. What it does not know is a defect, for the log. */
  readonly troubleOf: (error: unknown) => Trouble
}

/**
 * Answers the calls that come over a port until it is closed. Everything that is still under way then is stopped.
 * A message that is no call is passed over: the other side is our own, in a process that may be a version older.
 */
export function serve<Router extends AnyRouter>(port: Port, served: Served<Router>): void {
  const underWay = new Map<number, AbortController>()
  let open = true
  const answer = (answered: Answered): void => {
    if (open) port.post(answered)
  }

  const call = async (asked: Extract<Asked, { kind: 'call' }>): Promise<void> => {
    const { id, type, path, input } = asked
    const stopping = new AbortController()
    underWay.set(id, stopping)
    try {
      const result: unknown = await callTRPCProcedure({
        router: served.router,
        path,
        type,
        ctx: served.context,
        getRawInput: async () => input,
        signal: stopping.signal,
        batchIndex: 0,
      })
      if (type !== 'subscription') return answer({ kind: 'done', id, data: result })
      if (!isIterable(result)) throw new TypeError(`The subscription '${path}' yields nothing`)
      for await (const data of result) {
        if (stopping.signal.aborted) break
        answer({ kind: 'item', id, data })
      }
      answer({ kind: 'done', id })
    } catch (error) {
      if (!stopping.signal.aborted) answer({ kind: 'failed', id, trouble: served.troubleOf(causeOf(error)) })
    } finally {
      underWay.delete(id)
    }
  }

  port.listen({
    message(message) {
      const asked = Asked.safeParse(message)
      if (!asked.success) return
      if (asked.data.kind === 'stop') return underWay.get(asked.data.id)?.abort()
      if (underWay.size >= callsAtOnceMax) {
        const trouble = { kind: 'too-many', message: `More than ${callsAtOnceMax} calls are under way` }
        return answer({ kind: 'failed', id: asked.data.id, trouble })
      }
      void call(asked.data)
    },
    closed() {
      open = false
      for (const stopping of underWay.values()) stopping.abort()
    },
  })
}

const isIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

/** tRPC wraps whatever is thrown. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.name === 'TRPCError' && error.cause !== undefined
    ? error.cause
    : error
}
