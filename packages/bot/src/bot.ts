import type { Me } from '@parley/domain/accounts'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Action, MessageKey, OperationId } from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import type { ConversationView } from '@parley/sync/views'
import { answerId } from './answer-id.ts'
import { BotError, botError, problemError } from './bot-error.ts'
import { Handing, type HandingSurroundings, isMade } from './handing.ts'
import type { BotMessage } from './message.ts'
import { Saying, type SayOptions } from './saying.ts'

export interface AnswerOptions extends SayOptions {
  /** Tells answers to one message apart, where they do not always come in the same order. */
  readonly name?: string | undefined
}

/**
 * Answers in the conversation, as a reply to the message. It is kept when this returns, and said once however often the
 * handler runs. The promise is fulfilled once the server has it.
 */
export type Reply = (text: string, options?: AnswerOptions) => Promise<MessageKey>

/** It counts as handled once what this returns is fulfilled, or it returned without throwing. */
export type Handler = (message: BotMessage, reply: Reply) => unknown

export interface HandlerOptions {
  /** Whether messages of other bots are handed over too: two bots that answer everything never end. */
  readonly fromBots?: boolean | undefined
}

/** A conversation as a bot may name it: one that the server has. */
export type BotConversation = ConversationView & { readonly id: ConversationId }

/** An account's program. Everything that it does waits on disk for the connection, as in the app. */
export class Bot implements AsyncDisposable {
  /** All that the app's engine can do: timelines, search, attachments, people, devices. */
  readonly engine: Engine
  /**
   * Fulfilled by `close`; rejected when the server wants no more of this session. Whoever waits for nothing else waits
   * for this.
   */
  readonly ended: Promise<void>
  readonly #of: HandingSurroundings
  readonly #handing: Handing
  readonly #saying: Saying
  readonly #end = Promise.withResolvers<void>()
  readonly #listening: Disposable
  #closing: Promise<void> | null = null

  constructor(around: HandingSurroundings) {
    this.#of = around
    this.engine = around.engine
    this.#saying = new Saying(around.engine, around.onDefect)
    this.#handing = new Handing(around)
    this.ended = this.#end.promise
    this.ended.catch(around.onDefect)
    this.#listening = around.engine.onChange((topics) => {
      if (topics.has('connection')) this.#look()
    })
    this.#look()
  }

  get me(): Me {
    const me = this.engine.me()
    if (!me) throw new Error('A bot is opened once its account is known')
    return me
  }

  /** The one with the newest message first. */
  conversations(): readonly BotConversation[] {
    return this.engine.conversations().filter(isMade)
  }

  /**
   * Hands over what others say, from where it was left: in each conversation one message at a time, in its order, at
   * least once. The next one comes when the handler is done. One that throws gets its message again, three times in all;
   * one whose process is killed gets it again after the next start. There is one handler.
   */
  onMessage(handler: Handler, { fromBots = false }: HandlerOptions = {}): Disposable {
    return this.#handing.start((message) => {
      if (message.fromBot && !fromBots) return
      return handler(message, this.#replyTo(message))
    })
  }

  /**
   * Says something. It is kept when this returns, whether there is a connection or not; the promise is fulfilled once the
   * server has it, with the name by which it can be edited or answered.
   * @throws BotError with the refusal; `closed` when the bot was closed first: it is sent after the next start.
   */
  send(conversationId: ConversationId, text: string, options: SayOptions = {}): Promise<MessageKey> {
    return this.#told(this.#saying.say(conversationId, text, options))
  }

  /** @throws BotError as `send` */
  react(
    { conversationId, id }: Pick<BotMessage, 'conversationId' | 'id'>,
    emoji: string,
    on = true,
  ): Promise<OperationId> {
    return this.do({ kind: 'react', conversationId, messageId: id, emoji, on })
  }

  /**
   * Comes into a group that is open, has a password, or of which there is an invite (what is behind the `#` of its link).
   * @throws BotError `join-policy`, `wrong-conversation-password`, and as `send`
   */
  join(
    conversationId: ConversationId,
    options: { readonly password?: string; readonly invite?: string } = {},
  ): Promise<BotConversation> {
    const find = () => this.conversations().find(({ id }) => id === conversationId)
    return this.#told(this.#comeInto({ kind: 'join', conversationId, ...options }, find))
  }

  /** Asks the admins of a group to be let in. It is in `conversations` once they have. @throws BotError as `send` */
  askToJoin(
    conversationId: ConversationId,
    options: { readonly invite?: string } = {},
  ): Promise<OperationId> {
    return this.do({ kind: 'ask-to-join', conversationId, ...options })
  }

  /** @throws BotError as `send` */
  leave(conversationId: ConversationId): Promise<OperationId> {
    return this.do({ kind: 'leave', conversationId })
  }

  /** The direct conversation with somebody, made where there is none. @throws BotError as `send` */
  openDirect(
    accountId: AccountId,
    { sealed = false }: { readonly sealed?: boolean } = {},
  ): Promise<BotConversation> {
    const find = () => this.conversations().find(({ otherId }) => otherId === accountId)
    return this.#told(this.#comeInto({ kind: 'open-direct', accountId, sealed }, find))
  }

  /** Anything else that a person can do. Fulfilled once the server has it. @throws BotError as `send` */
  do(action: Action): Promise<OperationId> {
    return this.#told(this.#saying.did(action))
  }

  /**
   * Makes a recovery code, which takes the bot in on another machine, with its keys. It replaces an older one, and is
   * shown this once.
   * @throws BotError `device-unknown`, and those of a call
   */
  async makeRecoveryCode(): Promise<string> {
    try {
      return await this.engine.makeRecoveryCode()
    } catch (error) {
      throw botError(error)
    }
  }

  /** Waits for the handlers that run. Everything that was accepted is on disk. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#listening[Symbol.dispose]()
    this.#handing.end()
    // A handler that waits for the server is not waited for.
    this.#saying[Symbol.dispose]()
    await this.#handing.close()
    await this.engine.close()
    this.#of.ledger[Symbol.dispose]()
    this.#end.resolve()
  }

  #look(): void {
    const connection = this.engine.connection()
    if (connection.kind !== 'refused') return
    const error = problemError(connection.problem)
    this.#handing.end()
    this.#saying.end(error)
    this.#end.reject(error)
  }

  #replyTo({ conversationId, id, key, sentAt }: BotMessage): Reply {
    let answers = 0
    return (text, { name, ...options } = {}) => {
      answers += 1
      const which = name ?? String(answers)
      const said = { replyTo: id, ...options }
      return this.#told(this.#saying.say(conversationId, text, said, answerId(key, which, sentAt)))
    }
  }

  /** Whoever does not wait for it hears by `onDefect` what became of it, and is not ended by it. */
  #told<T>(doing: Promise<T>): Promise<T> {
    doing.catch((error: unknown) => {
      if (!this.#saying.hasEndedBy(error)) this.#of.onDefect(error)
    })
    return doing
  }

  async #comeInto(action: Action, find: () => BotConversation | undefined): Promise<BotConversation> {
    await this.#saying.did(action)
    return this.#until(find)
  }

  /** Resolves with what is looked for as soon as it is there. */
  #until<Found>(find: () => Found | undefined): Promise<Found> {
    const { promise, resolve, reject } = Promise.withResolvers<Found>()
    const look = () => {
      const found = find()
      if (found !== undefined) resolve(found)
    }
    const closed = () => reject(new BotError('closed', 'The bot was closed.'))
    const listening = this.engine.onChange(look)
    this.#handing.ending.addEventListener('abort', closed)
    look()
    if (this.#handing.ending.aborted) closed()
    return promise.finally(() => {
      listening[Symbol.dispose]()
      this.#handing.ending.removeEventListener('abort', closed)
    })
  }
}
