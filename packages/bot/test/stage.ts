import { join } from 'node:path'
import { connect } from '@parley/client/connect'
import type { BotMade } from '@parley/domain/accounts'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Bot, Handler, HandlerOptions } from '@parley/bot/bot'
import type { BotMessage } from '@parley/bot/message'
import { type BotOptions, openBot } from '@parley/bot/open-bot'
import { Action } from '@parley/sync/actions'
import { type Engine, openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import { signUp, type TestPerson } from '@parley/testkit/people'
import { startServer } from '@parley/testkit/start-server'
import { temporaryFolder } from '@parley/testkit/temporary-folder'
import { until } from '@parley/testkit/until'

export { until }

/** Somebody with a device, as the app is one. */
export interface Somebody {
  readonly person: TestPerson
  readonly engine: Engine
  readonly id: AccountId
}

const key = new Uint8Array(32).fill(7)

/** People and bots at a server, all gone in the end. */
export async function botStage(start: () => Promise<AsyncDisposable & { url: string }> = startServer) {
  const stack = new AsyncDisposableStack()
  const server = stack.use(await start())
  const folder = () => stack.use(temporaryFolder('parley-bot')).path
  const deviceOf = (person: TestPerson): Engine =>
    openEngine({
      path: join(folder(), 'store.db'),
      key,
      random: () => 0.1,
      connect: (onState) =>
        serverOver(connect({ url: server.url, token: person.token, onState, random: () => 0.1 })),
      onDefect: (error) => console.error(error),
    })
  const somebody = async (username: string): Promise<Somebody> => {
    const person = stack.use(await signUp(server, { username }))
    const engine = stack.use(deviceOf(person))
    await until(engine, (each) => each.encryption().kind === 'ready')
    return { person, engine, id: person.account.id }
  }
  /** An account for a bot, owned by somebody. */
  const account = (owner: Somebody, username: string): Promise<BotMade> =>
    owner.person.http.bots.make.mutate({ username })
  const bot = async (made: Pick<BotMade, 'token'>, more: Partial<BotOptions> = {}) =>
    stack.use(await openBot({ server: server.url, token: made.token, folder: folder(), ...more }))
  return { server, stack, folder, somebody, account, bot, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** What a bot was handed, in the order in which it came. */
export class Heard {
  readonly messages: BotMessage[] = []
  readonly #waiting = new Set<() => void>()

  /** @param deal what the bot does with it, before it counts as heard */
  constructor(bot: Bot, deal: Handler = () => {}, options: HandlerOptions = {}) {
    bot.onMessage(async (message, reply) => {
      await deal(message, reply)
      this.messages.push(message)
      for (const look of [...this.#waiting]) look()
    }, options)
  }

  get texts(): string[] {
    return this.messages.map(({ text }) => text)
  }

  /** Resolves with the message once it was handed over. */
  async until(text: string): Promise<BotMessage> {
    for (;;) {
      const found = this.messages.find((message) => message.text === text)
      if (found) return found
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }
}

/** Does something, and waits until the server has it. @throws with the problem when it is refused */
export async function did(engine: Engine, action: unknown): Promise<void> {
  const { id } = engine.act(Action.parse(action))
  await until(engine, (each) => {
    const now = each.outbox().find((one) => one.id === id)
    if (now?.state === 'refused') throw new Error(`${now.action.kind}: ${JSON.stringify(now.problem)}`)
    return !now || now.state === 'sent'
  })
}

export const say = (who: Somebody, conversationId: ConversationId, text: string) =>
  did(who.engine, { kind: 'send', conversationId, content: { kind: 'plain', text } })

/** A group of somebody with others, known to its founder's device by the name that the server gave it. */
export async function group(
  founder: Somebody,
  members: readonly AccountId[],
  more: Record<string, unknown> = {},
): Promise<ConversationId> {
  const known = new Set(founder.engine.conversations().map(({ id }) => id))
  await did(founder.engine, {
    kind: 'make-group',
    name: 'Garden',
    description: '',
    joinPolicy: 'closed',
    listed: false,
    members,
    ...more,
  })
  return until(founder.engine, (each) => {
    const made = each.conversations().find(({ id }) => !known.has(id))
    return made && isReal(made.id) ? made.id : null
  })
}

export const sealed = { sealed: true, history: 'everything' }

export async function direct(from: Somebody, to: AccountId, isSealed: boolean): Promise<ConversationId> {
  await did(from.engine, { kind: 'open-direct', accountId: to, sealed: isSealed })
  return until(from.engine, (each) => {
    const id = each.conversations().find(({ otherId }) => otherId === to)?.id
    return id && isReal(id) ? id : null
  })
}

const isReal = (id: string): id is ConversationId => !id.startsWith('local-')

/** What is shown of a conversation, oldest first; what is closed by its cause. */
export const shown = (engine: Engine, conversationId: ConversationId): string[] =>
  engine
    .timeline({ conversationId, at: { kind: 'newest' }, limit: 400 })
    .items.map(({ content }) =>
      content.kind === 'plain'
        ? content.text
        : content.kind === 'closed'
          ? `closed: ${content.cause}`
          : content.kind,
    )

export const sees = (engine: Engine, id: ConversationId, texts: readonly string[]) =>
  until(engine, (each) => JSON.stringify(shown(each, id)) === JSON.stringify(texts))
