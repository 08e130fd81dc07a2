import { account } from './routers/account.ts'
import { admin } from './routers/admin.ts'
import { app } from './routers/app.ts'
import { attachments } from './routers/attachments.ts'
import { bots } from './routers/bots.ts'
import { conversations } from './routers/conversations.ts'
import { encryption } from './routers/encryption.ts'
import { messages } from './routers/messages.ts'
import { notifications } from './routers/notifications.ts'
import { outbox } from './routers/outbox.ts'
import { people } from './routers/people.ts'
import { servers } from './routers/servers.ts'
import { storage } from './routers/storage.ts'
import { window } from './routers/window.ts'
import { router } from './trpc.ts'

/** What the screens can ask of the engine. */
export const engineRouter = router({
  account,
  admin,
  app,
  attachments,
  bots,
  conversations,
  encryption,
  messages,
  notifications,
  outbox,
  people,
  servers,
  storage,
  window,
})

export type EngineRouter = typeof engineRouter
