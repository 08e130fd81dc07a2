import { ParleyError } from '@parley/client/parley-error'
import type { History, Sent } from '@parley/domain/messages'
import type { ChainPage, GrantsPage, ListsPage } from '@parley/domain/sealed/wire'
import type { Entry } from '@parley/domain/stream'
import type { MembersPage } from '@parley/domain/conversations'
import type { Call, Done } from '@parley/sync/outbox/calls'
import type { Followed, ServerPort } from '@parley/sync/ports'
import type { SealedPort } from '@parley/sync/sealing/port'

/** What a server that lies makes of its answers. */
export interface Lie {
  page?: (page: History) => History
  /** Whether it says that there is no chain. */
  headless?: boolean
  /** Whether it breaks off before a backup is settled. */
  unsettled?: boolean
  chain?: (page: ChainPage, from: number) => ChainPage
  lists?: (page: ListsPage) => ListsPage
  /** What becomes of a message instead of its being sent; null where it is sent. */
  send?: (message: Parameters<SealedPort['send']>[0]) => Promise<Sent> | null
  grants?: (page: GrantsPage) => GrantsPage
  members?: (page: MembersPage) => MembersPage
  entry?: (entry: Entry) => Entry[]
  done?: (done: Done) => Done
}

/** A server that tells the truth until it is told a lie. */
export class Liar {
  lie: Lie = {}
  /** What it was asked to do, beside what goes sealed. */
  readonly asked: Call[] = []
  readonly searched: string[] = []

  readonly around = (server: ServerPort): ServerPort => {
    const { sealed } = server
    if (!sealed) throw new Error('There is nothing to lie about')
    const told = <T>(answer: T, lie: ((answer: T) => T) | undefined): T => (lie ? lie(answer) : answer)
    return {
      ...server,
      get state() {
        return server.state
      },
      page: async (wish) => told(await server.page(wish), this.lie.page),
      members: async (id, after) => told(await server.members(id, after), this.lie.members),
      perform: async (call) => {
        this.asked.push(call)
        return told(await server.perform(call), this.lie.done)
      },
      search: (query) => {
        this.searched.push(query.words)
        return server.search(query)
      },
      follow: (options) => this.#followed(server.follow(options)),
      sealed: {
        ...sealed,
        chain: async (id, from) => {
          const page = await sealed.chain(id, from)
          return this.lie.chain ? this.lie.chain(page, from) : page
        },
        send: (message) => this.lie.send?.(message) ?? sealed.send(message),
        chainHead: async (id) => (this.lie.headless ? null : sealed.chainHead(id)),
        settleBackup: async (keyId) => {
          if (this.lie.unsettled) throw new ParleyError('connection-lost', 'It broke off.')
          await sealed.settleBackup(keyId)
        },
        lists: async (wishes) => told(await sealed.lists(wishes), this.lie.lists),
        grants: async (id, after) => told(await sealed.grants(id, after), this.lie.grants),
      },
    }
  }

  async *#followed(events: AsyncIterable<Followed>): AsyncGenerator<Followed, void, undefined> {
    for await (const event of events) {
      const { entry } = this.lie
      if (event.kind !== 'entries' || !entry) yield event
      else yield { ...event, entries: event.entries.flatMap((each) => entry(each)) }
    }
  }
}
