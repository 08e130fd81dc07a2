import type { MessagePortMain } from 'electron'
import { Refusal, invalidInput } from '@parley/domain/refusal'
import { ZodError } from 'zod'
import { portOfMain } from '../ports/port.ts'
import { serve } from '../ports/serve.ts'
import type { Trouble } from '../ports/wire.ts'
import { deskRouter } from './desk.ts'
import type { DeskServices } from './desk/services.ts'
import type { DeskCaller } from './desk/trpc.ts'
import type { Log } from './log.ts'

/** Serves the desk on a port, to the one whom the port was given to. */
export function serveDesk(port: MessagePortMain, caller: DeskCaller, services: DeskServices, log: Log): void {
  serve(portOfMain(port), {
    router: deskRouter,
    context: { caller, services },
    troubleOf: (error) => deskTrouble(error, log),
  })
}

export function deskTrouble(error: unknown, log: Log): Trouble {
  if (error instanceof Refusal) return { kind: error.kind, message: error.message, ...error.detail }
  if (error instanceof ZodError) return deskTrouble(invalidInput(error), log)
  // A procedure that is not there, or is of another kind: tRPC's own, which has no cause.
  if (error instanceof Error && error.name === 'TRPCError') {
    return { kind: 'invalid-input', message: error.message }
  }
  log.error('desk-failed', error)
  return { kind: 'defect', message: 'Something went wrong in the app; its log has the details.' }
}
