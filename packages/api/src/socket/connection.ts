import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Refusal } from '@parley/domain/refusal'
import { parseConnectionParamsFromUnknown } from '@trpc/server/http'
import { Calls } from './calls.ts'
import { closeCodeOf, closeCodes } from './closing.ts'
import type { SocketRefusal } from './closing.ts'
import { reconnectText } from './envelope.ts'
import { pingFrame, pongTextFrame } from './frame.ts'
import type { ConnectionParams, SocketConnection, SocketHub } from './hub.ts'
import { Intake } from './intake.ts'
import { Outbox } from './outbox.ts'
import type { OutboxOwner } from './outbox.ts'
import type { SocketIdentity } from './registry.ts'
import type { Wire } from './wire.ts'

/**
 * `params`: its first frame brings the connection parameters. `opening`: its context is being made. `finishing`: no
 * new calls are taken, those under way are answered.
 */
type Phase = 'params' | 'opening' | 'open' | 'finishing' | 'closed'

/** One socket from its upgrade to its end. */
export class Connection implements SocketConnection, OutboxOwner {
  readonly address: string
  readonly outbox: Outbox
  readonly calls: Calls
  identity: SocketIdentity | null = null
  readonly #hub: SocketHub
  readonly #wire: Wire
  readonly #intake: Intake
  #request: IncomingMessage | null
  #phase: Phase = 'params'
  #awaitsTurn = false
  #heard = true
  #pinged = false
  #takenAtPing = 0

  constructor(hub: SocketHub, wire: Wire, socket: Duplex, request: IncomingMessage, address: string) {
    this.address = address
    this.#hub = hub
    this.#wire = wire
    this.#request = request
    this.outbox = new Outbox(socket, hub.turn, hub.limits, this)
    this.#intake = new Intake(this, wire, hub.limits.callsPerBatchMax)
    this.calls = new Calls(hub, this)
  }

  // Opening

  expectsParams(): boolean {
    return this.#phase === 'params'
  }

  receiveParams(message: unknown): void {
    try {
      if (typeof message !== 'object' || message === null || !('data' in message)) {
        throw new Refusal('invalid-input', 'The first frame must bring the connection parameters')
      }
      this.open(parseConnectionParamsFromUnknown(message.data))
    } catch (cause) {
      this.#refuse(cause)
    }
  }

  open(params: ConnectionParams): void {
    const request = this.#request
    if (request === null) return
    // It is some kilobytes; only the context may keep it.
    this.#request = null
    this.#phase = 'opening'
    void this.#open(request, params)
  }

  async #open(request: IncomingMessage, connectionParams: ConnectionParams): Promise<void> {
    try {
      const context = await this.#hub.createContext({ request, connectionParams, connection: this })
      if (this.#phase !== 'opening') return
      this.calls.context = context
      this.#phase = 'open'
      this.#intake.proceed()
    } catch (cause) {
      this.#refuse(cause)
    }
  }

  identify(identity: SocketIdentity): void {
    if (this.#phase === 'closed') return
    const former = this.identity
    const { registry, limits, counts } = this.#hub
    if (former?.accountId !== identity.accountId && registry.isAccountFull(identity.accountId)) {
      counts.refusals['account-full']++
      throw new Refusal(
        'too-many',
        `An account may have ${limits.connectionsPerAccountMax} connections open at once`,
      )
    }
    this.identity = identity
    registry.identify(this, former, identity)
  }

  // Reading

  receive(frame: Buffer | null): void {
    this.#heard = true
    if (this.#phase === 'closed' || this.#phase === 'finishing') return
    this.#hub.counts.framesReceived++
    this.#intake.receive(frame)
  }

  receiveMalformed(): void {
    this.#hub.counts.refusals.malformed++
    const refusal = new Refusal('invalid-input', 'A frame must be text: one message or a batch, as JSON')
    if (this.#phase === 'params') this.#refuse(refusal)
    else this.calls.refuse(null, refusal)
  }

  /**
   * Whether what comes has to wait. Of calls that come in one go only so many as fit in a batch are begun in a turn:
   * their answers show by then whether the outbox has room for those of more.
   */
  holds(): boolean {
    const { limits } = this.#hub
    if (this.#phase === 'opening' || this.outbox.isFull) return true
    if (this.calls.inFlight >= limits.callsInFlightPerConnectionMax) return true
    if (this.calls.begun < limits.callsPerBatchMax) return false
    if (!this.#awaitsTurn) {
      this.#awaitsTurn = true
      setImmediate(() => this.#nextTurn())
    }
    return true
  }

  #nextTurn(): void {
    this.#awaitsTurn = false
    this.calls.begun = 0
    this.#intake.proceed()
  }

  callEnded(): void {
    if (this.#intake.isWaiting) this.#intake.proceed()
  }

  answerPing(): void {
    this.outbox.push(pongTextFrame)
  }

  // Sending

  outboxOverflowed(): void {
    this.cutOff('unread')
  }

  outboxDrained(): void {
    this.#intake.proceed()
  }

  // Whether the other side is there

  hear(): void {
    this.#heard = true
  }

  /** Whether a ping went out that is to be answered. None does while one is on its way. */
  ping(): boolean {
    if (this.#phase === 'closed' || this.#pinged) return false
    this.#pinged = true
    this.#heard = false
    this.#takenAtPing = this.outbox.taken
    this.outbox.push(pingFrame)
    return true
  }

  /** The time to answer the ping is over. A socket that we do not read cannot answer; what it takes shows its life. */
  expectPong(): void {
    if (this.#phase === 'closed') return
    this.#pinged = false
    const taking = this.outbox.taken !== this.#takenAtPing
    const unreadByUs = this.#intake.isWaiting && !this.outbox.isFull
    if (!this.#heard && !taking && !unreadByUs) this.cutOff('silent')
  }

  /** The time to authenticate is over. */
  expectIdentity(): void {
    if (this.identity === null)
      this.close(closeCodes.unauthenticated, 'not authenticated in time', 'unauthenticated')
  }

  // Ending

  isClosed(): boolean {
    return this.#phase === 'closed'
  }

  /** The server stops: the client is told to connect anew, and only what it has already asked is answered. */
  finish(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'finishing'
    this.#intake.close()
    this.outbox.push(reconnectText)
  }

  endSession(): void {
    this.close(closeCodes.unauthenticated, 'session ended', 'session-ended')
  }

  /** Sends what is waiting and a close frame. Nothing is read or sent after that. */
  close(code: number, reason: string, refusal: SocketRefusal | null): void {
    if (this.#phase === 'closed') return
    this.outbox.flush()
    this.#leave(refusal)
    // The answer to the close frame is to be read.
    this.#wire.resume()
    this.#wire.close(code, reason)
  }

  /** For a peer that does not read: no close frame would reach it. */
  cutOff(refusal: SocketRefusal | null): void {
    this.#leave(refusal)
    this.#wire.terminate()
  }

  /** `ws` found a fault in what came, and closes; or the socket broke. */
  failed(error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
    if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') this.#leave('frame-too-large')
    else this.#leave(code.startsWith('WS_ERR_') ? 'protocol' : null)
  }

  gone(): void {
    this.#leave(null)
    this.#hub.registry.leave(this)
    this.#hub.onSettled?.()
  }

  #refuse(cause: unknown): void {
    if (this.#phase === 'closed') return
    const error = this.calls.refuse(null, cause)
    this.close(closeCodeOf(error), 'refused', 'context')
  }

  #leave(refusal: SocketRefusal | null): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    if (refusal !== null) this.#hub.counts.refusals[refusal]++
    this.#request = null
    this.#intake.close()
    this.calls.close()
    this.outbox.close()
  }
}
