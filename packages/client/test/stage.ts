import { createServer } from 'node:net'
import { once } from 'node:events'
import { FakeClock } from '@parley/testkit/fake-clock'
import type { ConnectionState } from '../src/connection/state.ts'
import { type Client, type ConnectOptions, connect } from '../src/connect.ts'
import { ParleyError } from '../src/parley-error.ts'

type Kind = ConnectionState['kind']
type StateOf<K extends Kind> = Extract<ConnectionState, { kind: K }>

/** Remembers how a connection went, and lets a test wait for how it goes on. */
export class States {
  readonly all: ConnectionState[] = []
  #seen = 0
  #wake: (() => void) | null = null

  readonly tell = (state: ConnectionState): void => {
    this.all.push(state)
    this.#wake?.()
  }

  /** The next state of this kind, of those that nobody has waited for. */
  async next<K extends Kind>(kind: K): Promise<StateOf<K>> {
    for (;;) {
      const state = this.all[this.#seen]
      if (state) this.#seen += 1
      else await new Promise<void>((resolve) => (this.#wake = resolve))
      if (state && isOf(kind, state)) return state
    }
  }
}

const isOf = <K extends Kind>(kind: K, state: ConnectionState): state is StateOf<K> => state.kind === kind

export interface Stage extends AsyncDisposable {
  readonly client: Client
  readonly clock: FakeClock
  readonly states: States
}

/** A client with a clock that stands still, and half of every random wait. */
export function clientOf(server: { readonly url: string }, options: Partial<ConnectOptions> = {}): Stage {
  const clock = new FakeClock()
  const states = new States()
  const client = connect({
    url: server.url,
    token: 'a-token',
    clock,
    random: () => 0.5,
    onState: states.tell,
    ...options,
  })
  return { client, clock, states, [Symbol.asyncDispose]: () => closing(client, clock) }
}

/** A peer that never answers a close frame is not waited for: no time passes here by itself. */
async function closing(client: Client, clock: FakeClock): Promise<void> {
  const closed = client.close()
  clock.advance(60_000)
  await closed
}

/** How long the client waits now, by what it says itself. */
export async function waitOf({ states, clock }: Stage) {
  const { reason, nextTryAt } = await states.next('waiting')
  return { reason, ms: nextTryAt - clock.now() }
}

/** The error that a promise is rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<ParleyError> {
  const error: unknown = await promise.then(
    () => new Error('It was not rejected'),
    (cause: unknown) => cause,
  )
  if (!(error instanceof ParleyError)) throw error
  return error
}

/** The address of a port at which nobody listens. */
export async function deadAddress(): Promise<{ url: string }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  server.close()
  await once(server, 'close')
  return { url: `http://127.0.0.1:${address.port}` }
}
