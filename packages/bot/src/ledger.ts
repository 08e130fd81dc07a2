import type { ConversationId, MessageId } from '@parley/domain/ids'
import type { Connection } from '@parley/sync/store/ciphers'
import { openEncrypted } from '@parley/sync/store/connection'
import { Statement } from '@parley/sync/store/statement'
import { BotError } from './bot-error.ts'
import { handledKeptMax, lateKeptMax } from './limits.ts'

/** How far a conversation was handed over. */
export interface Place {
  /** The position up to which everything was handed over, or waits among the late ones. */
  readonly upTo: number
  /** The message that stands there; null where nothing was handed over yet. */
  readonly key: string | null
  /** Nothing of before is ever handed over: the bot came in here. */
  readonly since: number
}

export interface Waiting {
  readonly id: MessageId
  readonly key: string
}

const schema = `
create table if not exists place (
  conversationId text primary key not null, upTo integer not null, key text, since integer not null
);
create table if not exists late (
  conversationId text not null, id integer not null, key text not null, primary key (conversationId, id)
);
create table if not exists handled (number integer primary key autoincrement, key text unique not null, id integer not null);
create table if not exists kept (name text primary key not null, value text not null);
`

const place = new Statement<[string], Place>('select upTo, key, since from place where conversationId = ?')
const places = new Statement<[], ConversationId>('select conversationId from place', 'value')
const putPlace = new Statement<[string, number, string | null, number]>(
  `insert into place (conversationId, upTo, key, since) values (?, ?, ?, ?)
   on conflict (conversationId) do update set upTo = excluded.upTo, key = excluded.key, since = excluded.since`,
)
const dropPlace = new Statement<[string]>('delete from place where conversationId = ?')
const lateOf = new Statement<[string], Waiting>(
  'select id, key from late where conversationId = ? order by id',
)
const putLate = new Statement<[string, number, string]>('insert or replace into late values (?, ?, ?)')
const dropLate = new Statement<[string, number]>('delete from late where conversationId = ? and id = ?')
const dropLateOf = new Statement<[string]>('delete from late where conversationId = ?')
const boundLate = new Statement<[string, string, number]>(
  `delete from late where conversationId = ? and id <= (
     select id from late where conversationId = ? order by id desc limit 1 offset ?)`,
)
const handledAs = new Statement<[string], number>('select id from handled where key = ?', 'value')
const putHandled = new Statement<[string, number]>('insert or replace into handled (key, id) values (?, ?)')
const boundHandled = new Statement<[number]>(
  'delete from handled where number <= (select max(number) from handled) - ?',
)
const kept = new Statement<[string], string>('select value from kept where name = ?', 'value')
const putKept = new Statement<[string, string]>('insert or replace into kept values (?, ?)')

/**
 * What of a bot's conversations was handed over, in a file beside its store, under the same key. It is held by one process.
 *
 * The disk is not waited for: what a power cut takes away is handed over again, which is harmless. The engine's store is
 * on disk before this is, so no message counts as handled whose answer was not kept.
 */
export class Ledger implements Disposable {
  readonly #connection: Connection

  /** @throws BotError `folder-in-use`, `wrong-key` */
  constructor(path: string, key: Uint8Array) {
    this.#connection = opened(path, key)
  }

  place(id: ConversationId): Place | null {
    return place.on(this.#connection).get(id) ?? null
  }

  places(): ConversationId[] {
    return places.on(this.#connection).all()
  }

  begin(id: ConversationId, upTo: number): void {
    putPlace.on(this.#connection).run(id, upTo, null, upTo)
  }

  /** All conversations that there are when the bot begins, at once. */
  beginAll(all: readonly { readonly id: ConversationId; readonly upTo: number }[]): void {
    this.#write(() => {
      for (const { id, upTo } of all) this.begin(id, upTo)
      this.keep('begun', 'true')
    })
  }

  /** The account is no longer in it. */
  forget(id: ConversationId): void {
    this.#write(() => {
      dropPlace.on(this.#connection).run(id)
      dropLateOf.on(this.#connection).run(id)
    })
  }

  /** A message was dealt with, or is nothing for the handler. */
  moveTo(id: ConversationId, message: Waiting, { since }: Place): void {
    this.#write(() => {
      putPlace.on(this.#connection).run(id, message.id, message.key, since)
      this.#handled(message)
    })
  }

  /** It cannot be opened yet. */
  passOver(id: ConversationId, message: Waiting, { since }: Place): void {
    this.#write(() => {
      putLate.on(this.#connection).run(id, message.id, message.key)
      boundLate.on(this.#connection).run(id, id, lateKeptMax)
      putPlace.on(this.#connection).run(id, message.id, message.key, since)
    })
  }

  /** Those that were passed over, the oldest first. */
  late(id: ConversationId): Waiting[] {
    return lateOf.on(this.#connection).all(id)
  }

  endLate(id: ConversationId, message: Waiting, handled: boolean): void {
    this.#write(() => {
      dropLate.on(this.#connection).run(id, message.id)
      if (handled) this.#handled(message)
    })
  }

  /** The position at which a message of that name was handled; null where it was not, or long ago. */
  handledAt(key: string): number | null {
    return handledAs.on(this.#connection).get(key) ?? null
  }

  kept(name: string): string | null {
    return kept.on(this.#connection).get(name) ?? null
  }

  keep(name: string, value: string): void {
    putKept.on(this.#connection).run(name, value)
  }

  [Symbol.dispose](): void {
    this.#connection.close()
  }

  #handled({ id, key }: Waiting): void {
    putHandled.on(this.#connection).run(key, id)
    boundHandled.on(this.#connection).run(handledKeptMax)
  }

  #write(change: () => void): void {
    this.#connection.transaction(change).immediate()
  }
}

function opened(path: string, key: Uint8Array): Connection {
  let connection: Connection | null = null
  try {
    connection = openEncrypted(path, key)
    // Held until the process ends, however it ends.
    connection.pragma('locking_mode = exclusive')
    connection.pragma('synchronous = normal')
    const ready = connection
    ready.transaction(() => ready.exec(schema)).immediate()
    return connection
  } catch (cause) {
    connection?.close()
    throw openingError(cause)
  }
}

const codeOf = (cause: unknown): unknown => (cause instanceof Error && 'code' in cause ? cause.code : null)

function openingError(cause: unknown): unknown {
  const code = codeOf(cause)
  if (code === 'SQLITE_BUSY')
    return new BotError('folder-in-use', 'Another process runs a bot in this folder.', { cause })
  if (code === 'SQLITE_NOTADB')
    return new BotError('wrong-key', 'What is in the folder was written under another key.', { cause })
  return cause
}
