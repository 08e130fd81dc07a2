import { account } from './routers/account.ts'
import { admin } from './routers/admin.ts'
import { bots } from './routers/bots.ts'
import { bridge } from './routers/bridge.ts'
import { conversations } from './routers/conversations.ts'
import { invitations } from './routers/invitations.ts'
import { joinRequests } from './routers/join-requests.ts'
import { messages } from './routers/messages.ts'
import { oidc } from './routers/oidc.ts'
import { people } from './routers/people.ts'
import { server } from './routers/server.ts'
import { sessions } from './routers/sessions.ts'
import { stream } from './routers/stream.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  account,
  admin,
  bots,
  bridge,
  conversations,
  invitations,
  joinRequests,
  messages,
  oidc,
  people,
  server,
  sessions,
  stream,
})

export type AppRouter = typeof appRouter
