import type { AccountId, SessionId } from '@parley/domain/ids'
import type { Connection } from './connection.ts'
import type { SocketLimits } from './limits.ts'

/** Whose connection it is. */
export interface SocketIdentity {
  readonly accountId: AccountId
  readonly sessionId: SessionId
}

/** All open connections, and how many there are of an address, an account and a session. */
export class Registry {
  readonly all = new Set<Connection>()
  readonly #limits: SocketLimits
  readonly #byAddress = new Map<string, number>()
  readonly #byAccount = new Map<AccountId, number>()
  readonly #bySession = new Map<SessionId, Connection | Set<Connection>>()

  constructor(limits: SocketLimits) {
    this.#limits = limits
  }

  isFull(): boolean {
    return this.all.size >= this.#limits.connectionsMax
  }

  isAddressFull(address: string): boolean {
    return (this.#byAddress.get(address) ?? 0) >= this.#limits.connectionsPerAddressMax
  }

  enter(connection: Connection): void {
    this.all.add(connection)
    count(this.#byAddress, connection.address, 1)
  }

  leave(connection: Connection): void {
    if (!this.all.delete(connection)) return
    count(this.#byAddress, connection.address, -1)
    if (connection.identity !== null) this.#dismiss(connection, connection.identity)
  }

  isAccountFull(accountId: AccountId): boolean {
    return (this.#byAccount.get(accountId) ?? 0) >= this.#limits.connectionsPerAccountMax
  }

  identify(connection: Connection, former: SocketIdentity | null, identity: SocketIdentity): void {
    if (former !== null) this.#dismiss(connection, former)
    count(this.#byAccount, identity.accountId, 1)
    const others = this.#bySession.get(identity.sessionId)
    if (others === undefined) this.#bySession.set(identity.sessionId, connection)
    else if (others instanceof Set) others.add(connection)
    else this.#bySession.set(identity.sessionId, new Set([others, connection]))
  }

  /** The connections of a session at this moment; a copy, so that they can be closed while it is walked. */
  ofSession(sessionId: SessionId): Connection[] {
    const found = this.#bySession.get(sessionId)
    return found === undefined ? [] : found instanceof Set ? [...found] : [found]
  }

  bufferedBytes(): number {
    let bytes = 0
    for (const connection of this.all) bytes += connection.outbox.bufferedBytes()
    return bytes
  }

  #dismiss(connection: Connection, identity: SocketIdentity): void {
    count(this.#byAccount, identity.accountId, -1)
    const found = this.#bySession.get(identity.sessionId)
    if (found instanceof Set) {
      found.delete(connection)
      if (found.size === 0) this.#bySession.delete(identity.sessionId)
    } else if (found === connection) this.#bySession.delete(identity.sessionId)
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, by: 1 | -1): void {
  const now = (counts.get(key) ?? 0) + by
  if (now === 0) counts.delete(key)
  else counts.set(key, now)
}
