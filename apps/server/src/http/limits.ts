import { connectionsMax, connectionsPerAddressMax } from '@parley/domain/limits'

/** What the listener enforces of itself. Tests make single limits small; a server runs with all of these. */
export const listenerLimits = {
  /** How long a request's headers may take to come, against clients that send them a byte at a time. */
  headersMs: 10_000,
  /** The same for the rest of a request, but on routes that bound their own. */
  bodyMs: 30_000,
  /** How long a connection without a request stays open for the next one. */
  keepAliveMs: 30_000,
  /** How often Node looks at those that take long. */
  timeoutsCheckedMs: 5_000,
  /** TCP connections, whatever they are used for: all WebSockets that may be, and as many more. */
  connectionsMax: connectionsMax + 2_000,
  connectionsPerAddressMax: connectionsPerAddressMax + 200,
  urlCharsMax: 16_384,
}

export type ListenerLimits = Readonly<typeof listenerLimits>
