import { account } from './routers/account.ts'
import { admin } from './routers/admin.ts'
import { backup } from './routers/backup.ts'
import { bots } from './routers/bots.ts'
import { bridge } from './routers/bridge.ts'
import { conversations } from './routers/conversations.ts'
import { devices } from './routers/devices.ts'
import { invitations } from './routers/invitations.ts'
import { joinRequests } from './routers/join-requests.ts'
import { messages } from './routers/messages.ts'
import { oidc } from './routers/oidc.ts'
import { people } from './routers/people.ts'
import { sealed } from './routers/sealed.ts'
import { server } from './routers/server.ts'
import { sessions } from './routers/sessions.ts'
import { stream } from './routers/stream.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  account,
  admin,
  backup,
  bots,
  bridge,
  conversations,
  devices,
  invitations,
  joinRequests,
  messages,
  oidc,
  people,
  sealed,
  server,
  sessions,
  stream,
})

/** By these a session ends itself, and they are answered before its connection is closed. */
export const lastCalls: ReadonlySet<string> = new Set(['account.signOut', 'sessions.revoke'])

export type AppRouter = typeof appRouter
