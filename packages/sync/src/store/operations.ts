import { JsonOf } from './json.ts'
import type { MessageId } from '@parley/domain/ids'
import type { InferSelectModel } from 'drizzle-orm'
import type { Action, ConversationKey, OperationId } from '../actions.ts'
import type { OperationState, Problem } from '../views.ts'
import type { Connection } from './ciphers.ts'
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

/** The outbox's table, read once and again only after a change of it: every query of the screen looks at it. */
export class Operations {
  readonly #connection: Connection
  #known: readonly Queued[] | null = null

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /** In the order in which they were done. */
  get all(): readonly Queued[] {
    // Within a transaction that may still fail nothing is kept.
    if (this.#connection.inTransaction) return this.#read()
    this.#known ??= this.#read()
    return this.#known
  }

  get(id: OperationId): Queued | undefined {
    return this.all.find((queued) => queued.id === id)
  }

  in(key: ConversationKey): readonly Queued[] {
    return this.all.filter((queued) => conversationOf(queued.action) === key)
  }

  add(queued: Omit<Queued, 'number'>): void {
    this.#known = null
    insert.on(this.#connection).run(rowOf(queued))
  }

  change(queued: Queued, change: Partial<Omit<Queued, 'number' | 'id'>>): void {
    this.#known = null
    update.on(this.#connection).run({ number: queued.number, ...rowOf({ ...queued, ...change }) })
  }

  remove(id: OperationId): void {
    this.#known = null
    finishOutgoing(this.#connection, id)
    remove.on(this.#connection).run(id)
  }

  #read(): readonly Queued[] {
    return all.on(this.#connection).all().map(queuedOf)
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
