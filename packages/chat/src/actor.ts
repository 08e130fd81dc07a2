import type { AccountId, SessionId } from '@parley/domain/ids'

/** Who asks: a signed-in session of an account. */
export interface Actor {
  readonly accountId: AccountId
  readonly sessionId: SessionId
  readonly operator: boolean
}

/** Where somebody asks from who is not signed in yet. */
export interface Caller {
  /** The address that limits count by. */
  readonly address: string
}
