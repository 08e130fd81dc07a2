import { openIndexConnection } from '../connection.ts'
import type { Connection } from '../raw-query.ts'
import { RawQuery } from '../raw-query.ts'

/**
 * The full-text index is a file of its own: building it takes no lock of the database, so that sending never waits for
 * it, and it can be thrown away. Its words come ready from `wordsOf`, so SQLite's plainest tokeniser does; it need not
 * know where in a message a word stands (`detail=none`), nor keep the text once more (`content=''`).
 */
const schema = `
  create virtual table words using fts5(
    text, content='', contentless_delete=1, detail=none, tokenize='ascii'
  );
  -- When the messages of each 4,096 positions were sent, to find the positions of a time without trusting that time goes on.
  create table span (block integer primary key, sentFrom integer not null, sentTo integer not null);
  create table meta (key text primary key, value text not null);
`

/** Counts up when the schema or the way of cutting words changes; an index of another version is built anew. */
const version = 1

export const blockPositions = 4_096

/** Where the index of a database lies. */
export const indexPathOf = (databasePath: string) => `${databasePath}-search`

const meta = new RawQuery<[key: string], string>('select value from meta where key = ?', 'value')
const setMeta = new RawQuery<[key: string, value: string]>(
  'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
)

/** Opens the index of the log with this id; one of another log, or one that is ahead of it, is emptied. */
export const openIndex = (path: string, log: { id: string; head: number }): Connection => {
  const index = openIndexConnection(path)
  const current = index.pragma('user_version', { simple: true }) === version
  if (current && meta.on(index).get('logId') === log.id && indexedUpTo(index) <= log.head) return index
  index.transaction(() => {
    index.exec('drop table if exists words; drop table if exists span; drop table if exists meta')
    index.exec(schema)
    setMeta.on(index).run('logId', log.id)
    index.pragma(`user_version = ${version}`)
  })()
  return index
}

/** The index holds what the log says up to this position. */
export const indexedUpTo = (index: Connection): number => Number(meta.on(index).get('cursor') ?? 0)

export const setIndexedUpTo = (index: Connection, position: number): void => {
  setMeta.on(index).run('cursor', String(position))
}
