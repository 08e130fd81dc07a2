import type {
  Action,
  ConversationKey,
  DraftAttachmentId,
  MessageKey,
  OperationId,
} from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import type { NewAttachment, Operation } from '@parley/sync/views'
import type { AccountId } from '@parley/domain/ids'
import { BotError, botError, problemError } from './bot-error.ts'

export interface SayOptions {
  /** Sent with it: as bytes, or by their paths. */
  readonly files?: readonly NewAttachment[] | undefined
  readonly replyTo?: MessageKey | undefined
  readonly mentions?: readonly AccountId[] | undefined
  readonly mentionsEveryone?: boolean | undefined
}

/** What has words in it. */
const saying: ReadonlySet<Action['kind']> = new Set<Action['kind']>(['send', 'edit', 'react'])

interface Waiter {
  readonly resolve: () => void
  readonly reject: (error: BotError) => void
}

/** Does what the bot wants by the engine's outbox, and says what became of it. Nobody is there to look at refused things. */
export class Saying implements Disposable {
  readonly #engine: Engine
  readonly #onDefect: (error: unknown) => void
  readonly #waiters = new Map<OperationId, Waiter[]>()
  readonly #listening: Disposable
  #ended: BotError | null = null

  constructor(engine: Engine, onDefect: (error: unknown) => void) {
    this.#engine = engine
    this.#onDefect = onDefect
    this.#listening = engine.onChange((topics) => {
      if (topics.has('outbox')) this.#look()
    })
    this.#look()
  }

  /**
   * On disk when this returns. The promise is fulfilled once the server has it.
   * @throws BotError `not-a-member`: of a conversation that is not known it is not known whether it is sealed, and nothing
   * goes there in the clear.
   */
  act(action: Action, id?: OperationId): { readonly operation: Operation; readonly arrived: Promise<void> } {
    if (
      saying.has(action.kind) &&
      'conversationId' in action &&
      !this.#engine.conversation(action.conversationId)
    )
      throw new BotError('not-a-member', 'The bot is in no such conversation.', { field: 'conversationId' })
    let operation: Operation
    try {
      operation = this.#engine.act(action, id)
    } catch (error) {
      throw botError(error)
    }
    const arrived = new Promise<void>((resolve, reject) => {
      if (this.#ended) {
        reject(this.#ended)
        return
      }
      this.#waiters.set(operation.id, [...(this.#waiters.get(operation.id) ?? []), { resolve, reject }])
    })
    this.#look()
    return { operation, arrived }
  }

  async did(action: Action): Promise<OperationId> {
    const { operation, arrived } = this.act(action)
    await arrived
    return operation.id
  }

  async say(
    conversationId: ConversationKey,
    text: string,
    { files = [], replyTo, mentions, mentionsEveryone }: SayOptions,
    id?: OperationId,
  ): Promise<OperationId> {
    // One that waits already has its files.
    const isKept = id !== undefined && this.#engine.outbox().some((operation) => operation.id === id)
    const attachments: DraftAttachmentId[] = []
    for (const file of isKept ? [] : files) {
      const added = await this.#engine.addAttachment(conversationId, file).catch((error: unknown) => {
        for (const draft of attachments) this.#engine.removeDraftAttachment(draft)
        throw botError(error)
      })
      attachments.push(added.id)
    }
    const { operation, arrived } = this.act(
      {
        kind: 'send',
        conversationId,
        content: { kind: 'plain', text },
        ...(replyTo !== undefined && { replyTo }),
        ...(mentions && { mentions: [...mentions] }),
        ...(mentionsEveryone && { mentionsEveryone }),
        ...(attachments.length > 0 && { attachments }),
      },
      id,
    )
    await arrived
    return operation.id
  }

  /** Whether an error says that there is nobody to do it any more, and nothing of what was wanted. */
  hasEndedBy(error: unknown): boolean {
    return error instanceof BotError && (error === this.#ended || error.kind === 'closed')
  }

  /** What waits is kept, and sent when the bot runs again; nobody hears of it here. */
  end(error: BotError): void {
    this.#ended = error
    const waiters = [...this.#waiters.values()].flat()
    this.#waiters.clear()
    for (const { reject } of waiters) reject(error)
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]()
    this.end(new BotError('closed', 'The bot was closed.'))
  }

  #look(): void {
    for (const refused of this.#engine.outbox().filter(({ state }) => state === 'refused')) {
      const before = this.#engine.outbox()
      this.#engine.undo(refused.id)
      const after = new Set(this.#engine.outbox().map(({ id }) => id))
      const error = problemError(refused.problem ?? { kind: 'not-understood', message: 'It was refused.' })
      for (const { id } of before) if (!after.has(id)) this.#refuse(id, error)
    }
    const open = new Map(this.#engine.outbox().map((operation) => [operation.id, operation.state]))
    for (const [id, waiters] of [...this.#waiters]) {
      const state = open.get(id)
      if (state !== undefined && state !== 'sent') continue
      this.#waiters.delete(id)
      for (const { resolve } of waiters) resolve()
    }
  }

  #refuse(id: OperationId, error: BotError): void {
    const waiters = this.#waiters.get(id)
    this.#waiters.delete(id)
    for (const { reject } of waiters ?? []) reject(error)
    // It is of an earlier run.
    if (!waiters) this.#onDefect(error)
  }
}
