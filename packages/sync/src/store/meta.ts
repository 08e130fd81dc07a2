import type { Me } from '@parley/domain/accounts'
import type { Connection } from './connection.ts'
import { parsed, Statement } from './statement.ts'

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
}

const read = new Statement<[string], string>('select value from meta where name = ?', 'value')
const write = new Statement<[string, string]>(
  'insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value',
)

function get<T>(connection: Connection, name: string): T | null {
  const value = read.on(connection).get(name)
  return value === undefined ? null : parsed<T>(value)
}

export const readStanding = (connection: Connection) => get<Standing>(connection, 'standing')
export const writeStanding = (connection: Connection, standing: Standing): void => {
  write.on(connection).run('standing', JSON.stringify(standing))
}

export const readMe = (connection: Connection) => get<Me>(connection, 'me')
export const writeMe = (connection: Connection, me: Me): void => {
  write.on(connection).run('me', JSON.stringify(me))
}

export const readKeepEverything = (connection: Connection) =>
  get<boolean>(connection, 'keep-everything') ?? false
export const writeKeepEverything = (connection: Connection, on: boolean): void => {
  write.on(connection).run('keep-everything', JSON.stringify(on))
}
