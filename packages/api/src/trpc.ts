import { Refusal } from '@parley/domain/refusal'
import { initTRPC } from '@trpc/server'
import type { Context } from './context.ts'
import { refusalOf, toTRPCError } from './errors.ts'

const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter({ shape, error }) {
    const refusal = refusalOf(error)
    const { stack: _, ...data } = shape.data
    if (!refusal) {
      // Whatever a defect has to say is for the log.
      const message = error.code === 'INTERNAL_SERVER_ERROR' ? 'Internal server error' : shape.message
      return { ...shape, message, data: { ...data, refusal: null } }
    }
    const { message, ...said } = refusal
    return { ...shape, message, data: { ...data, refusal: said } }
  },
})

export const { router } = t

/** For anybody. Who is not signed in counts by address. */
export const openProcedure = t.procedure.use(async ({ ctx, next }) => {
  const { chat } = ctx.services
  if (ctx.actor) await chat.rates.take('call', ctx.actor.accountId).catch(refuse)
  else await chat.rates.take('call-address', ctx.caller.address).catch(refuse)
  const result = await next()
  if (!result.ok) throw toTRPCError(result.error)
  return result
})

/** For who is signed in. */
export const procedure = t.procedure.use(async ({ ctx, next }) => {
  const { actor, services } = ctx
  if (!actor) throw toTRPCError(new Refusal('signed-out', 'Sign in first.'))
  await services.chat.rates.take('call', actor.accountId).catch(refuse)
  const result = await next({ ctx: { actor, chat: services.chat } })
  if (!result.ok) throw toTRPCError(result.error)
  return result
})

/** For operators. */
export const operatorProcedure = procedure.use(({ ctx, next }) => {
  if (!ctx.actor.operator)
    throw toTRPCError(new Refusal('not-allowed', 'This is for operators of the server.'))
  return next()
})

const refuse = (cause: unknown): never => {
  throw toTRPCError(cause)
}
