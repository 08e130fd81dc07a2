import { JsonOf } from './json.ts'
import type { MessageId } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { Action, ActionKind, ConversationKey, MessageKey, OperationId } from '../actions.ts'
import type { OperationState, Problem } from '../views.ts'
import type { Connection } from './ciphers.ts'
import { Groups } from './groups.ts'
import { finishOutgoing } from './outgoing.ts'
import type { operation } from './schema.ts'
import { Statement } from './statement.ts'

const actionJson = new JsonOf<Action>()
const problemJson = new JsonOf<Problem>()

type Row = InferSelectModel<typeof operation>

/** An operation as the outbox has it. */
export interface Queued {
  readonly number: number
  readonly id: OperationId
  readonly action: Action
  readonly state: OperationState
  readonly problem: Problem | null
  readonly madeAt: number
  readonly triedAtCursor: number | null
  readonly inDoubt: boolean
  readonly sentAs: MessageId | null
}

/** Operations of one conversation go one after the other, and so do those of none. */
export type Lane = ConversationKey | null

const all = new Statement<[], Row>('select * from operation order by number')
const insert = new Statement<[Omit<Row, 'number'>]>(
  'insert into operation (id, kind, action, state, problem, madeAt, triedAtCursor, inDoubt, sentAs) ' +
    'values (@id, @kind, @action, @state, @problem, @madeAt, @triedAtCursor, @inDoubt, @sentAs)',
)
const update = new Statement<[Row]>(
  'update operation set action = @action, state = @state, problem = @problem, triedAtCursor = @triedAtCursor, ' +
    'inDoubt = @inDoubt, sentAs = @sentAs where number = @number',
)
const remove = new Statement<[string]>('delete from operation where id = ?')

/** It waits for no answer of the server any more, or for the person. */
const isSettled = ({ state }: Queued): boolean => state === 'refused' || state === 'sent'

/** What waits, by whatever it is looked for. */
class Waiting {
  readonly byId = new Map<OperationId, Queued>()
  readonly byConversation = new Groups(({ action }: Queued) => [conversationOf(action)])
  readonly byKind = new Groups(({ action }: Queued) => [action.kind])
  readonly byNamed = new Groups(({ action }: Queued) => messagesIn(action))
  readonly byState = new Groups(({ state }: Queued) => [state])
  readonly lanes = new Groups((queued: Queued) => (isSettled(queued) ? [] : [conversationOf(queued.action)]))
  readonly lanesWithFiles = new Groups((queued: Queued) =>
    isSettled(queued) || !carriesFiles(queued.action) ? [] : [conversationOf(queued.action)],
  )
  #list: readonly Queued[] | null = null

  /** In the order in which they were done: a new one comes last, and one that is changed stays where it is. */
  get list(): readonly Queued[] {
    this.#list ??= [...this.byId.values()]
    return this.#list
  }

  put(queued: Queued): void {
    const before = this.byId.get(queued.id) ?? null
    this.byId.set(queued.id, queued)
    this.#list = null
    for (const groups of this.#all) groups.put(queued, before)
  }

  drop(queued: Queued): void {
    this.byId.delete(queued.id)
    this.#list = null
    for (const groups of this.#all) groups.drop(queued)
  }

  get #all() {
    return [this.byConversation, this.byKind, this.byNamed, this.byState, this.lanes, this.lanesWithFiles]
  }
}

/**
 * The outbox's table, read once and kept beside the file: every query of the screen looks at it, and whoever sends, at each
 * operation. Nobody looks through all of it for one.
 */
export class Operations {
  readonly #connection: Connection
  #known: Waiting | null = null

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** In the order in which they were done, as everything that gives more than one. */
  get all(): readonly Queued[] {
    return this.#waiting.list
  }

  get count(): number {
    return this.#waiting.byId.size
  }

  get(id: OperationId): Queued | undefined {
    return this.#waiting.byId.get(id)
  }

  /** Of one conversation; null for those of none. */
  in(key: ConversationKey | null): readonly Queued[] {
    return this.#waiting.byConversation.of(key)
  }

  of(kind: ActionKind): readonly Queued[] {
    return this.#waiting.byKind.of(kind)
  }

  /** Those that are about a message, or reply to it. */
  naming(id: MessageKey): readonly Queued[] {
    return this.#waiting.byNamed.of(id)
  }

  inState(state: OperationState): readonly Queued[] {
    return this.#waiting.byState.of(state)
  }

  /** Where operations go one after the other, by the conversation: those in which something is neither decided nor refused. */
  get lanes(): Iterable<Lane> {
    return this.#waiting.lanes.keys()
  }

  /** Those in which messages with files are among these. */
  get lanesWithFiles(): Iterable<Lane> {
    return this.#waiting.lanesWithFiles.keys()
  }

  inLane(lane: Lane): Iterable<Queued> {
    return this.#waiting.lanes.each(lane)
  }

  add(queued: Omit<Queued, 'number'>): Queued {
    const row = rowOf(queued)
    const number = Number(insert.on(this.#connection).run(row).lastInsertRowid)
    const added = queuedOf({ ...row, number })
    this.#waiting.put(added)
    return added
  }

  /** One that is gone by now is left alone. */
  change({ id }: Pick<Queued, 'id'>, change: Partial<Omit<Queued, 'number' | 'id'>>): void {
    const known = this.get(id)
    if (!known) return
    const row = { number: known.number, ...rowOf({ ...known, ...change }) }
    update.on(this.#connection).run(row)
    this.#waiting.put(queuedOf(row))
  }

  remove(id: OperationId): void {
    finishOutgoing(this.#connection, id)
    remove.on(this.#connection).run(id)
    const known = this.get(id)
    if (known) this.#waiting.drop(known)
  }

  /** What a transaction changed that has failed is as the file has it. */
  readAgain(): void {
    this.#known = null
  }

  get #waiting(): Waiting {
    this.#known ??= this.#read()
    return this.#known
  }

  #read(): Waiting {
    const waiting = new Waiting()
    for (const row of all.on(this.#connection).all()) waiting.put(queuedOf(row))
    return waiting
  }
}

const queuedOf = ({ kind: _, ...row }: Row): Queued => ({
  ...row,
  action: actionJson.read(row.action),
  problem: row.problem === null ? null : problemJson.read(row.problem),
  inDoubt: row.inDoubt === 1,
})

const rowOf = (queued: Omit<Queued, 'number'>): Omit<Row, 'number'> => ({
  id: queued.id,
  kind: queued.action.kind,
  action: JSON.stringify(queued.action),
  state: queued.state,
  problem: queued.problem === null ? null : JSON.stringify(queued.problem),
  madeAt: queued.madeAt,
  triedAtCursor: queued.triedAtCursor,
  inDoubt: queued.inDoubt ? 1 : 0,
  sentAs: queued.sentAs,
})

/** The conversation that an action is about; null for those about the account or other people. */
export const conversationOf = (action: Action): ConversationKey | null =>
  'conversationId' in action ? action.conversationId : null

export const carriesFiles = (action: Action): boolean =>
  action.kind === 'send' && (action.attachments?.length ?? 0) > 0

/** The messages that an action names. */
const messagesIn = (action: Action): MessageKey[] => [
  ...('messageId' in action ? [action.messageId] : []),
  ...(action.kind === 'send' && action.replyTo !== undefined ? [action.replyTo] : []),
]

/** Those of them that wait to be sent themselves. */
export const waitingIn = (action: Action): OperationId[] =>
  messagesIn(action).filter((name) => typeof name === 'string')
