import { ParleyError } from '@parley/client/parley-error'
import { Refusal, invalidInput } from '@parley/domain/refusal'
import { initTRPC } from '@trpc/server'
import { ZodError } from 'zod'
import type { Trouble } from '../ports/wire.ts'
import type { Host } from './host.ts'

export interface EngineContext {
  readonly host: Host
}

/** Ports copy what is said as it is, bytes too; without this line tRPC's types would take it for JSON. */
const transformer = { serialize: (value: unknown) => value, deserialize: (value: unknown) => value }

const t = initTRPC.context<EngineContext>().create({ transformer })

export const router = t.router
/** For what can be asked before anybody has signed in. */
export const openProcedure = t.procedure
/** @throws Refusal `signed-out` */
export const procedure = t.procedure.use(({ ctx, next }) => {
  const { account, engine, client } = ctx.host.open
  return next({ ctx: { ...ctx, account, engine, api: client.api } })
})

/** What the screens are told of an error. @returns null for a defect of ours. */
export function knownTrouble(error: unknown): Trouble | null {
  if (error instanceof ZodError) return knownTrouble(invalidInput(error))
  if (error instanceof Refusal) return { kind: error.kind, message: error.message, ...error.detail }
  if (error instanceof ParleyError) {
    const { kind, message, field, retryAfterMs } = error
    return { kind, message, field, retryAfterMs }
  }
  return null
}
