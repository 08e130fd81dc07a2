import type { UsualLevels } from '../views.ts'
import type { Me } from '@parley/domain/accounts'
import type { Connection } from './ciphers.ts'
import type { KeptDevice } from './sealed.ts'
import { JsonOf } from './json.ts'
import { Statement } from './statement.ts'

/** Where the store stands. */
export interface Standing {
  readonly cursor: number
  readonly logId: string
  /** Counts the snapshots taken; conversations of an older one are gone once the newest is whole. */
  readonly snapshot: number
  /** False while the pages of the snapshot are still coming. */
  readonly whole: boolean
  /** Whether all people have come since the snapshot. */
  readonly peopleHeld: boolean
  /** How often the log was found to reach less far than before, or to be another: a server that was put back. */
  readonly restores?: number | undefined
}

/** Names the log, and what became of it: other than before where the server was put back to an older state. */
export const logOf = ({ logId, restores = 0 }: Standing): string =>
  restores === 0 ? logId : `${logId} ${String(restores)}`

const read = new Statement<[string], string>('select value from meta where name = ?', 'value')
const write = new Statement<[string, string]>(
  'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
)

/** A value that stands under its name. */
class Value<T> {
  readonly #name: string
  readonly #json = new JsonOf<T>()

  constructor(name: string) {
    this.#name = name
  }

  read(connection: Connection): T | null {
    const json = read.on(connection).get(this.#name)
    return json === undefined ? null : this.#json.read(json)
  }

  write(connection: Connection, value: T): void {
    write.on(connection).run(this.#name, this.#json.write(value))
  }
}

export const standingValue = new Value<Standing>('standing')
/** Counts up, so that there is something to write. */
export const timesSyncedValue = new Value<number>('times-synced')
export const meValue = new Value<Me>('me')
export const keepEverythingValue = new Value<boolean>('keep-everything')
/** In milliseconds since 1970. */
export const doNotDisturbUntilValue = new Value<number>('do-not-disturb-until')
/** Of which messages one is told, where nothing else was chosen for a conversation. */
export const usualLevelsValue = new Value<Partial<UsualLevels>>('usual-levels')
/** This device's keys. */
export const deviceValue = new Value<KeptDevice | null>('device')
/** Device lists of which another branch was taken, and after how many restores of the server that was. */
export const listBranchesValue = new Value<Readonly<Record<string, number>>>('list-branches')
/** What newcomers may read of the sealed conversations that wait to be made, by the operations that make them. */
export const sealWishesValue = new Value<Readonly<Record<string, 'joining' | 'everything'>>>('seal-wishes')
