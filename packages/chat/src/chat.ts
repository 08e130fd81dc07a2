import type { Database } from '@parley/db/stores'
import type { SignUpPolicy } from '@parley/domain/server'
import type { Clock } from './clock.ts'
import { Delivery } from './delivery/delivery.ts'
import { OwnReads } from './messages/own-reads.ts'
import { Passwords } from './accounts/passwords.ts'
import { Presences } from './presence/presences.ts'
import { Rates } from './rates.ts'
import { Known } from './sealed/known.ts'
import { SessionUse } from './accounts/session-use.ts'
import { Upkeep } from './upkeep.ts'

export interface ChatSettings {
  signUp: SignUpPolicy
  /** Off where people are known by another system alone. */
  passwords: 'on' | 'off'
  /** Multiplies every rate limit; 1 as shipped. */
  rateFactor: number
}

/** Defects and what upkeep did, for whoever writes the log. Never content, tokens or passwords. */
export type ChatLog = (event: string, fields: Record<string, unknown>) => void

/** What the server does stands on these; use cases are functions that take it first. */
export interface Chat {
  readonly db: Database
  readonly clock: Clock
  readonly settings: ChatSettings
  readonly log: ChatLog
  readonly delivery: Delivery
  readonly presences: Presences
  readonly passwords: Passwords
  readonly rates: Rates
  readonly ownReads: OwnReads
  readonly sessionUse: SessionUse
  /** Device lists and chains of sealed conversations. */
  readonly known: Known
  close(): Promise<void>
}

export function openChat(options: {
  db: Database
  clock: Clock
  settings: ChatSettings
  log: ChatLog
}): Chat {
  const { db, clock, settings, log } = options
  const delivery = new Delivery(db, clock, log)
  const ownReads = new OwnReads(db, clock, log)
  const presences = new Presences(db, clock, delivery, log)
  const sessionUse = new SessionUse(db, clock, log)
  const upkeep = new Upkeep(db, clock, log)
  return {
    db,
    clock,
    settings,
    log,
    delivery,
    presences,
    passwords: new Passwords(),
    rates: new Rates(settings.rateFactor),
    ownReads,
    sessionUse,
    known: new Known(),
    async close() {
      upkeep[Symbol.dispose]()
      delivery.close()
      await presences.close()
      await ownReads.close()
      await sessionUse.close()
    },
  }
}
