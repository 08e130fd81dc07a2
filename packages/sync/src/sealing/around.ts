import type { MyConversation } from '@parley/domain/conversations'
import type { Call, Done } from '../outbox/calls.ts'
import type { Followed, ServerPort } from '../ports.ts'
import { gathered } from './gathering.ts'
import type { Parts } from './sealing.ts'

type FollowOptions = Parameters<ServerPort['follow']>[0]

/** A server whose messages come open, and to which what is sealed goes sealed. */
export function aroundServer(
  server: ServerPort,
  { kit, intake, opening, performing }: Pick<Parts, 'kit' | 'intake' | 'opening' | 'performing'>,
): ServerPort {
  const opened = async (conversations: readonly MyConversation[]): Promise<MyConversation[]> => {
    const lasts = conversations.map(({ lastMessage }) => lastMessage).filter((message) => message !== null)
    const open = await intake.messages(lasts)
    const byId = new Map(open.map((message) => [message.id, message]))
    return conversations.map((mine) => ({
      ...mine,
      lastMessage: mine.lastMessage && (byId.get(mine.lastMessage.id) ?? mine.lastMessage),
    }))
  }
  const performed = async (call: Call): Promise<Done> => {
    const done = await performing.perform(call)
    if (done.kind !== 'message') return done
    const [message] = await intake.messages([done.message])
    return { kind: 'message', message: message ?? done.message }
  }
  async function* followed(options: FollowOptions): AsyncGenerator<Followed, void, undefined> {
    // Whoever stops in between leaves a question under way, which has to end too.
    const ending = new AbortController()
    const signal = AbortSignal.any([options.signal, ending.signal])
    try {
      for await (const event of gathered(server.follow({ ...options, signal }), kit.breathe))
        yield event.kind === 'entries' ? { ...event, entries: await intake.entries(event.entries) } : event
    } finally {
      ending.abort()
    }
  }
  return {
    get state() {
      return server.state
    },
    snapshot: async () => {
      const snapshot = await server.snapshot()
      opening.forget()
      return { ...snapshot, conversations: await opened(snapshot.conversations) }
    },
    mine: async (after) => {
      const page = await server.mine(after)
      return { ...page, conversations: await opened(page.conversations) }
    },
    page: async (wish) => {
      await intake.beforePage(wish.conversationId)
      const page = await server.page(wish)
      return { ...page, messages: await intake.messages(page.messages) }
    },
    message: async (conversationId, messageId) => {
      const message = await server.message(conversationId, messageId)
      const [open] = await intake.messages([message])
      return open ?? message
    },
    messageAtTime: (id, at) => server.messageAtTime(id, at),
    members: (id, after) => server.members(id, after),
    people: (after) => server.people(after),
    search: (query) => server.search(query),
    typing: (id) => server.typing(id),
    upload: (file, wish) => server.upload(file, wish),
    download: (id, wish) => server.download(id, wish),
    perform: performed,
    follow: (options) => followed(options),
    sealed: server.sealed,
    retryNow: () => server.retryNow(),
    close: () => server.close(),
  }
}
