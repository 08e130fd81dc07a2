import { Refusal } from '@parley/domain/refusal'
import { initTRPC } from '@trpc/server'
import type { DeskServices } from './services.ts'

/** Who is at the other end of the port: a window's page, or the engine's process. It is known from whom the port was given to. */
export type DeskCaller = 'window' | 'engine'

export interface DeskContext {
  readonly caller: DeskCaller
  readonly services: DeskServices
}

/** Ports copy what is said as it is, bytes too; without this line tRPC's types would take it for JSON. */
const transformer = { serialize: (value: unknown) => value, deserialize: (value: unknown) => value }

const t = initTRPC.context<DeskContext>().create({ transformer })

export const { router } = t

/** For both. */
export const procedure = t.procedure

const onlyFor = (caller: DeskCaller) =>
  t.procedure.use(({ ctx, next }) => {
    if (ctx.caller !== caller) throw new Refusal('not-allowed', `This is for the ${caller} alone.`)
    return next()
  })

/** For the engine, which a page could otherwise speak for: keys, paths, notifications. */
export const engineProcedure = onlyFor('engine')
/** For pages: what a person has just asked for, by a menu or a button. */
export const windowProcedure = onlyFor('window')
