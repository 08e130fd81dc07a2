import type { IncomingMessage } from 'node:http'
import { Refusal } from '@parley/domain/refusal'
import { TRPCError, callTRPCProcedure, getTRPCErrorFromUnknown, getTRPCErrorShape } from '@trpc/server'
import type { TRPCCombinedDataTransformer, TRPCProcedureType } from '@trpc/server'
import { parseConnectionParamsFromUnknown } from '@trpc/server/http'
import { parseTRPCMessage } from '@trpc/server/rpc'
import type { TRPCClientOutgoingMessage } from '@trpc/server/rpc'
import { closeCodeOf } from './closing.ts'
import { dataText, errorText, fallbackErrorShape, headOf, reconnectText } from './envelope.ts'
import type { RequestId } from './envelope.ts'
import type { SocketHub } from './hub.ts'
import type { Line, Speaker } from './protocol.ts'
import { Subscription } from './subscription.ts'
import type { ConnectionParams, TRPCHost } from './trpc-protocol.ts'
import { announcesParams } from './upgrade.ts'

/** What was called, for an error's shape and report. */
export interface Called {
  readonly head: string
  readonly type: TRPCProcedureType | 'unknown'
  readonly path: string | undefined
  readonly input: unknown
}

interface Request extends Called {
  readonly id: RequestId
  readonly type: TRPCProcedureType
  readonly path: string
}

const nothingCalled: Called = {
  head: headOf(null, undefined),
  type: 'unknown',
  path: undefined,
  input: undefined,
}

/** The calls of one connection: queries and mutations under way, and subscriptions. */
export class Calls implements Speaker {
  readonly awaitsGreeting: boolean
  readonly #hub: SocketHub
  readonly #host: TRPCHost
  readonly #line: Line
  readonly #subscriptions: Subscription[] = []
  #request: IncomingMessage | null
  #context: unknown = undefined
  /** Calls under way that end the session of who makes them, and whether it has ended. */
  #lastCalls = 0
  #isLeaving = false

  constructor(hub: SocketHub, host: TRPCHost, line: Line, request: IncomingMessage) {
    this.awaitsGreeting = announcesParams(request)
    this.#hub = hub
    this.#host = host
    this.#line = line
    this.#request = request
  }

  async open(greeting: unknown): Promise<void> {
    const connectionParams = this.awaitsGreeting ? paramsOf(greeting) : null
    const request = this.#request
    if (request === null) return
    // It is some kilobytes; only the context may keep it.
    this.#request = null
    this.#context = await this.#host.createContext({ request, connectionParams, connection: this.#line })
  }

  hear(raw: unknown, index: number): void {
    this.#line.callBegins()
    const { transformer } = this.#host.router._def._config
    const message = readMessage(raw, transformer, this.#hub.limits.requestIdCharsMax)
    if (message instanceof Refusal) {
      this.#hub.counts.refusals.malformed++
      this.#refuse(idOf(raw, this.#hub.limits.requestIdCharsMax), message)
      return
    }
    const { id, jsonrpc } = message
    if (message.method === 'subscription.stop') {
      this.#subscriptions.find((subscription) => subscription.id === id)?.stop()
      return
    }
    const { path, lastEventId } = message.params
    const input =
      lastEventId === undefined ? message.params.input : resumedInput(message.params.input, lastEventId)
    const request = { id, head: headOf(id, jsonrpc), type: message.method, path, input }
    if (message.method === 'subscription') this.#subscribe(request, jsonrpc === undefined, index)
    else void this.#answer(request, index)
  }

  async #answer(request: Request, index: number): Promise<void> {
    const isLast = this.#host.lastCalls.has(request.path)
    if (isLast) this.#lastCalls++
    this.#line.callStarts()
    let text: string
    try {
      const result = await this.#run(request, index, undefined)
      if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) {
        throw new TRPCError({
          code: 'UNSUPPORTED_MEDIA_TYPE',
          message: 'Only a subscription can answer with a stream',
        })
      }
      text = dataText(request.head, result)
    } catch (cause) {
      text = errorText(request.head, this.#shapeOf(request, this.report(request, cause)))
    }
    if (isLast) this.#lastCalls--
    if (isLast || !this.#isLeaving) this.#line.outbox.push(text)
    this.#line.callEnds()
    if (this.#isLeaving) this.#line.endSession()
  }

  #subscribe(request: Request, plainId: boolean, index: number): void {
    const { id, head, path } = request
    if (this.#subscriptions.some((other) => other.id === id)) {
      this.refuseCall(request, new Refusal('invalid-input', `Duplicate id ${id}`, { field: 'id' }))
      return
    }
    const max = this.#hub.limits.subscriptionsPerConnectionMax
    if (this.#subscriptions.length >= max) {
      this.#hub.counts.refusals['subscriptions-full']++
      this.refuseCall(request, new Refusal('too-many', `A connection may have ${max} subscriptions`))
      return
    }
    const key = plainId && typeof id === 'number' ? id : head
    const subscription = new Subscription(this, this.#line, { id, head, key, path })
    this.#subscriptions.push(subscription)
    this.#hub.counts.subscriptions++
    void this.#start(request, subscription, index)
  }

  async #start(request: Request, subscription: Subscription, index: number): Promise<void> {
    this.#line.callStarts()
    try {
      subscription.run(await this.#run(request, index, subscription.signal))
    } catch (cause) {
      subscription.fail(cause)
    }
    this.#line.callEnds()
  }

  #run(request: Request, batchIndex: number, signal: AbortSignal | undefined): Promise<unknown> {
    const { type, path, input } = request
    return callTRPCProcedure({
      router: this.#host.router,
      path,
      getRawInput: () => Promise.resolve(input),
      ctx: this.#context,
      type,
      signal,
      batchIndex,
    })
  }

  forget(subscription: Subscription): void {
    const at = this.#subscriptions.indexOf(subscription)
    if (at === -1) return
    this.#subscriptions.splice(at, 1)
    this.#hub.counts.subscriptions--
  }

  hearNoise(): void {
    this.#line.callBegins()
    this.#refuse(null, new Refusal('invalid-input', 'A frame must be text: one message or a batch, as JSON'))
  }

  /**
   * Each request of the batch gets the refusal, or its client would wait for an answer for ever. It is made and told of
   * once: thousands fit in a frame.
   */
  hearTooLongBatch(batch: readonly unknown[]): void {
    this.#line.callBegins()
    const { callsPerBatchMax, requestIdCharsMax } = this.#hub.limits
    const message = `A batch may have ${callsPerBatchMax} calls, this one has ${batch.length}`
    this.#hub.counts.refusals['batch-too-long']++
    const shape = this.#shapeOf(nothingCalled, this.report(nothingCalled, new Refusal('too-many', message)))
    const ids = batch.map((raw) => idOf(raw, requestIdCharsMax)).filter((id) => id !== null)
    for (const id of ids.length > 0 ? ids : [null])
      this.#line.outbox.push(errorText(headOf(id, undefined), shape))
  }

  refuse(cause: unknown): number {
    return closeCodeOf(this.#refuse(null, cause))
  }

  /** Answers what could not be read as a call, or the connection itself. */
  #refuse(id: RequestId, cause: unknown): TRPCError {
    const called = id === null ? nothingCalled : { ...nothingCalled, head: headOf(id, undefined) }
    return this.refuseCall(called, cause)
  }

  refuseCall(called: Called, cause: unknown): TRPCError {
    const error = this.report(called, cause)
    this.#line.outbox.push(errorText(called.head, this.#shapeOf(called, error)))
    return error
  }

  report(called: Called, cause: unknown): TRPCError {
    const error = this.#host.toTRPCError(cause)
    const { address, identity } = this.#line
    this.#host.onError({ error, type: called.type, path: called.path, address, identity })
    return error
  }

  takesLeave(): boolean {
    if (this.#lastCalls === 0) return false
    this.#isLeaving = true
    this.close()
    return true
  }

  /** The client is told to connect anew. */
  stop(): void {
    this.#line.outbox.push(reconnectText)
  }

  close(): void {
    this.#request = null
    this.#hub.counts.subscriptions -= this.#subscriptions.length
    for (const subscription of this.#subscriptions.splice(0)) subscription.abandon()
  }

  /** What clients get of an error, as JSON. */
  #shapeOf(called: Called, error: TRPCError): string {
    const { type, path, input } = called
    try {
      const config = this.#host.router._def._config
      return JSON.stringify(getTRPCErrorShape({ config, error, type, path, input, ctx: this.#context }))
    } catch (cause) {
      this.report(called, getTRPCErrorFromUnknown(cause))
      return JSON.stringify(fallbackErrorShape)
    }
  }
}

function paramsOf(greeting: unknown): ConnectionParams {
  if (typeof greeting !== 'object' || greeting === null || !('data' in greeting)) {
    throw new Refusal('invalid-input', 'The first frame must bring the connection parameters')
  }
  return parseConnectionParamsFromUnknown(greeting.data)
}

function readMessage(
  raw: unknown,
  transformer: TRPCCombinedDataTransformer,
  idCharsMax: number,
): TRPCClientOutgoingMessage | Refusal {
  try {
    const message = parseTRPCMessage(raw, transformer)
    const { id } = message
    if (id === null) return new Refusal('invalid-input', '`id` is required', { field: 'id' })
    if (typeof id !== 'string' || id.length <= idCharsMax) return message
    return new Refusal('invalid-input', `An id may have ${idCharsMax} characters`, { field: 'id' })
  } catch (cause) {
    return new Refusal('invalid-input', cause instanceof Error ? cause.message : 'Malformed message')
  }
}

/** tRPC gives a procedure the id of the last event that the client has got as a field of its input. */
function resumedInput(input: unknown, lastEventId: string): unknown {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return { ...input, lastEventId }
  return input ?? { lastEventId }
}

function idOf(raw: unknown, charsMax: number): RequestId {
  if (typeof raw !== 'object' || raw === null || !('id' in raw)) return null
  const { id } = raw
  if (typeof id === 'string') return id.length <= charsMax ? id : null
  return typeof id === 'number' ? id : null
}
