import type { AccountId, Position } from '@parley/domain/ids'
import type {
  Channel,
  ChannelOf,
  LoggedEntry,
  LogPage,
  LogReads,
  LogScope,
  LogWrites,
  NewEntry,
} from '../../stores.ts'
import { positionOf } from '../handle.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { insertOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import { entry } from '../schema/log.ts'
import { readLogPage } from './log-page.ts'

const metaValue = new RawQuery<[key: string], string>('select value from meta where key = ?', 'value')
const setMeta = new RawQuery<[key: string, value: string]>(
  'insert into meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value',
)
const insertEntry = insertOf(entry)
const oldestEntries = new RawQuery<[upTo: number, limit: number], number>(
  'select position from entry where position <= ? order by position limit ?',
  'value',
)
const removeEntries = new RawQuery<[upTo: number]>('delete from entry where position <= ?')

export class LogReading<Handle extends ReadHandle = ReadHandle> implements LogReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async id(): Promise<string> {
    const id = metaValue.on(this.handle.connection).get('logId')
    if (id === undefined) throw new Error('The log has no id')
    return id
  }

  async keptAfter(): Promise<Position> {
    return this.kept()
  }

  async page(scope: LogScope, after: Position, upTo: Position): Promise<LogPage> {
    return readLogPage(this.handle.connection, scope, after, upTo)
  }

  protected kept(): Position {
    return positionOf(Number(metaValue.on(this.handle.connection).get('keptAfter') ?? 0))
  }
}

export class LogWriting extends LogReading<WriteHandle> implements LogWrites {
  async append<E extends NewEntry>(channel: ChannelOf<E['kind']>, entry: E): Promise<Position>
  async append(channel: Channel, added: NewEntry): Promise<Position> {
    const position = this.handle.nextPosition()
    const json = JSON.stringify({ position, ...added })
    const logged = loggedOf(channel, added, { position, json })
    const { subject } = logged
    insertEntry
      .on(this.handle.connection)
      .run({ position, channel, kind: added.kind, subject, messagePosition: null, body: json })
    this.handle.logged(logged)
    return position
  }

  next(): Position {
    return this.handle.nextPosition()
  }

  async prune(upTo: Position, limit: number): Promise<number> {
    const { connection } = this.handle
    // Positions never go back, however far a caller asks.
    const end = Math.min(upTo, this.handle.nextPosition() - 1)
    const gone = oldestEntries.on(connection).all(end, limit)
    const reached = gone.length < limit ? end : (gone.at(-1) ?? end)
    removeEntries.on(connection).run(reached)
    if (reached > this.kept()) setMeta.on(connection).run('keptAfter', String(reached))
    return gone.length
  }
}

const loggedOf = (
  channel: Channel,
  added: NewEntry,
  place: { position: Position; json: string },
): LoggedEntry => {
  switch (added.kind) {
    case 'joined':
      return { ...place, kind: added.kind, channel: accountOf(channel), subject: added.conversation.id }
    case 'left':
      return { ...place, kind: added.kind, channel: accountOf(channel), subject: added.conversationId }
    case 'session-ended':
      return { ...place, kind: added.kind, channel: accountOf(channel), subject: added.sessionId }
    case 'conversation':
    case 'member':
    case 'member-left':
    case 'read':
    case 'join-request':
    case 'invitation':
    case 'person':
    case 'device-list':
    case 'chain':
    case 'grants':
    case 'key-request':
    case 'link-request':
    case 'link-answer':
    case 'backup':
      return { ...place, kind: added.kind, channel, subject: null }
  }
}

const isAccount = (channel: Channel): channel is AccountId => channel.startsWith('a')

const accountOf = (channel: Channel): AccountId => {
  if (isAccount(channel)) return channel
  throw new Error(`${channel} is no account's channel`)
}
