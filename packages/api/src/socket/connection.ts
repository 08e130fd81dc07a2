import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { closeCodes } from '@parley/domain/close-codes'
import { Refusal } from '@parley/domain/refusal'
import type { SocketRefusal } from './closing.ts'
import { pingFrame, pongTextFrame } from './frame.ts'
import type { SocketHub } from './hub.ts'
import { Intake } from './intake.ts'
import { Outbox } from './outbox.ts'
import type { OutboxOwner } from './outbox.ts'
import type { Line, Protocol, Speaker } from './protocol.ts'
import type { SocketIdentity } from './registry.ts'
import type { Wire } from './wire.ts'

/**
 * `greeting`: its first frame says who comes. `opening`: who speaks on it gets ready. `finishing`: no new calls are
 * taken, those under way are answered.
 */
type Phase = 'greeting' | 'opening' | 'open' | 'finishing' | 'closed'

/** One socket from its upgrade to its end. */
export class Connection implements Line, OutboxOwner {
  readonly address: string
  readonly outbox: Outbox
  readonly speaker: Speaker
  identity: SocketIdentity | null = null
  readonly #hub: SocketHub
  readonly #wire: Wire
  readonly #intake: Intake
  readonly #callsInFlightMax: number
  #phase: Phase
  /** Calls that have not been answered, and subscriptions that have not started. */
  #inFlight = 0
  /** Calls begun since none was in flight, or since the turn that a burst of them had to wait for. */
  #begun = 0
  #awaitsTurn = false
  #admitted = false
  /** The time to authenticate is over, and a call under way may still do it. */
  #overdue = false
  #heard = true
  #pinged = false
  #takenAtPing = 0

  constructor(
    hub: SocketHub,
    protocol: Protocol,
    wire: Wire,
    { socket, request, address }: { socket: Duplex; request: IncomingMessage; address: string },
  ) {
    this.address = address
    this.#hub = hub
    this.#wire = wire
    this.#callsInFlightMax = protocol.callsInFlightMax
    this.outbox = new Outbox(socket, hub.turn, hub.limits, this)
    this.#intake = new Intake(this, wire, protocol, hub.limits.callsPerBatchMax)
    this.speaker = protocol.begin(this, request)
    this.#phase = this.speaker.awaitsGreeting ? 'greeting' : 'opening'
  }

  // Opening

  awaitsGreeting(): boolean {
    return this.#phase === 'greeting'
  }

  /** @param greeting the first frame, where that is awaited. */
  open(greeting: unknown): void {
    this.#phase = 'opening'
    void this.#open(greeting)
  }

  async #open(greeting: unknown): Promise<void> {
    try {
      await this.speaker.open(greeting)
      if (this.#phase !== 'opening') return
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

  admit(): void {
    this.#admitted = true
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
    if (this.#phase === 'greeting') {
      this.#refuse(new Refusal('invalid-input', 'A frame must be text: one message or a batch, as JSON'))
    } else this.speaker.hearNoise()
  }

  /**
   * Whether what comes has to wait. Of calls that come in one go only so many as fit in a batch are begun in a turn:
   * their answers show by then whether the outbox has room for those of more.
   */
  holds(): boolean {
    if (this.#phase === 'opening' || this.#overdue || this.outbox.isFull) return true
    if (this.#inFlight >= this.#callsInFlightMax) return true
    if (this.#awaitsTurn) return true
    if (this.#begun < this.#hub.limits.callsPerBatchMax) return false
    this.#awaitsTurn = true
    setImmediate(() => this.#nextTurn())
    return true
  }

  #nextTurn(): void {
    this.#awaitsTurn = false
    this.#begun = 0
    this.#intake.proceed()
  }

  callBegins(): void {
    this.#begun++
  }

  callStarts(): void {
    this.#inFlight++
    this.#hub.counts.callsInFlight++
  }

  callEnds(): void {
    if (--this.#inFlight === 0) this.#begun = 0
    this.#hub.counts.callsInFlight--
    if (this.#overdue) this.expectIdentity()
    if (this.#phase !== 'closed' && this.#intake.isWaiting) this.#intake.proceed()
    this.#hub.onSettled?.()
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

  /** The time to authenticate is over. A call under way gets its answer, and no other is begun. */
  expectIdentity(): void {
    const isKnown = this.identity !== null || this.#admitted
    this.#overdue = !isKnown && this.#inFlight > 0
    if (!isKnown && !this.#overdue)
      this.close(closeCodes.late, 'not authenticated in time', 'unauthenticated')
  }

  // Ending

  isClosed(): boolean {
    return this.#phase === 'closed'
  }

  /** The server stops: only what the client has already asked is answered. */
  finish(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'finishing'
    this.#intake.close()
    this.speaker.stop()
  }

  endSession(): void {
    if (this.#phase === 'closed') return
    if (this.speaker.takesLeave()) {
      this.#phase = 'finishing'
      this.#intake.close()
      return
    }
    this.close(closeCodes.unauthenticated, 'session ended', 'session-ended')
  }

  fail(): void {
    this.close(closeCodes.defect, 'failed', null)
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
    this.close(this.speaker.refuse(cause), 'refused', 'context')
  }

  #leave(refusal: SocketRefusal | null): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    if (refusal !== null) this.#hub.counts.refusals[refusal]++
    this.#intake.close()
    this.speaker.close()
    this.outbox.close()
  }
}
