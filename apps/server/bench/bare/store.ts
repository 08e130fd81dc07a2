import Database from 'better-sqlite3'

/** A message that waits for its commit. `json` is what readers get. */
export interface Said {
  position: number
  room: string
  author: string
  clientId: string
  json: string
}

/** The least that a server must keep: one row a message, and an index for a room's newest. */
const schema = `
  create table if not exists message (
    position integer primary key, room text not null, author text not null, client_id text not null, json text not null
  );
  create index if not exists message_by_room on message (room, position);
  create virtual table if not exists message_words using fts5 (body, content = '', detail = none)`

export interface Store {
  /** Writes all in one transaction: one fsync. Throws when the disk says no. */
  commit(group: readonly Said[]): void
  /** Fills the table at the start, words included. Sends do not index words: what search costs a sender is no part of the yardstick. */
  load(messages: Iterable<Said & { body: string }>): void
  newest(room: string, limit: number): string[]
  /** The newest messages of these rooms which hold every word. */
  search(words: string, rooms: readonly string[], limit: number): string[]
  after(position: number): { room: string; json: string }[]
  head(): number
}

export function openStore(file: string): Store {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('wal_autocheckpoint = 4000')
  if (db.pragma('synchronous', { simple: true }) !== 2)
    throw new Error('the yardstick must commit with synchronous=FULL')
  if (db.pragma('journal_mode', { simple: true }) !== 'wal')
    throw new Error('the yardstick must commit to a WAL')
  db.exec(schema)

  const begin = db.prepare('begin immediate')
  const end = db.prepare('commit')
  const insert = db.prepare('insert into message values (?, ?, ?, ?, ?)')
  const insertWords = db.prepare('insert into message_words (rowid, body) values (?, ?)')
  const newest = db
    .prepare<[string, number], string>(
      'select json from message where room = ? order by position desc limit ?',
    )
    .pluck()
  const search = db
    .prepare<[string, string, number], string>(
      `select json from message_words join message on position = message_words.rowid
       where message_words match ? and room in (select value from json_each(?)) order by message_words.rowid desc limit ?`,
    )
    .pluck()
  const after = db.prepare<[number], { room: string; json: string }>(
    'select room, json from message where position > ? order by position',
  )
  const head = db.prepare<[], number>('select coalesce(max(position), 0) from message').pluck()

  return {
    commit(group) {
      begin.run()
      for (const said of group) insert.run(said.position, said.room, said.author, said.clientId, said.json)
      end.run()
    },
    load(messages) {
      begin.run()
      for (const said of messages) {
        insert.run(said.position, said.room, said.author, said.clientId, said.json)
        insertWords.run(said.position, said.body)
      }
      end.run()
    },
    newest: (room, limit) => newest.all(room, limit),
    search: (words, rooms, limit) => search.all(words, JSON.stringify(rooms), limit),
    after: (position) => after.all(position),
    head: () => head.get() ?? 0,
  }
}
