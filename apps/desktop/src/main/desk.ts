import { z } from 'zod'
import { externalAddress } from './desk/external.ts'
import { files } from './desk/routers/files.ts'
import { keys } from './desk/routers/keys.ts'
import { notices } from './desk/routers/notices.ts'
import { settings } from './desk/routers/settings.ts'
import { updates } from './desk/routers/updates.ts'
import { procedure, router, windowProcedure } from './desk/trpc.ts'

/** What pages and the engine can ask of the process that owns the windows and the system. */
export const deskRouter = router({
  appInfo: procedure.query(({ ctx }) => ctx.services.info),
  /** Menus, links and notifications, as they are chosen. */
  commands: windowProcedure.subscription(({ ctx, signal }) => ctx.services.commands.listen(signal)),
  /** Opens an address in the browser, or in the mail program. */
  openExternal: procedure
    .input(z.strictObject({ url: z.string() }))
    .mutation(({ ctx, input }) => ctx.services.openExternal(externalAddress(input.url))),
  files,
  keys,
  notices,
  settings,
  updates,
})

export type DeskRouter = typeof deskRouter
