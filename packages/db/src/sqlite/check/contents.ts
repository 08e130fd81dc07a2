import { Message } from '@parley/domain/messages'
import { Entry } from '@parley/domain/stream'
import { RawQuery } from '../raw-query.ts'
import type { Connection } from '../raw-query.ts'
import type { Finding } from './findings.ts'

interface StoredMessage {
  position: number
  conversationId: string
  authorId: string
  clientMessageId: string
  ordinal: number
  sentAt: number
  json: string
}

const messages = new RawQuery<[], StoredMessage>('select * from message order by position')
const mentionsOf = new RawQuery<[position: number], string>(
  `select accountId from mention where position = ? order by accountId`,
  'value',
)
const attachmentsOf = new RawQuery<[position: number], string>(
  `select attachmentId from messageAttachment where position = ? order by attachmentId`,
  'value',
)
const strangers = new RawQuery<[], number>(
  `select position from message where not exists (select 1 from conversation where id = conversationId)
    or not exists (select 1 from account where id = authorId)`,
  'value',
)
const entries = new RawQuery<
  [],
  [position: number, kind: string, body: string | null, messagePosition: number | null, isThere: number]
>(
  `select position, kind, body, messagePosition,
    exists (select 1 from message where message.position = entry.messagePosition and conversationId = entry.channel)
  from entry order by position`,
  'array',
)

/** Every message and every entry says what its columns say. */
export function* contentFindings(connection: Connection): Generator<Finding> {
  for (const row of messages.on(connection).iterate()) {
    const wrong = wrongWith(connection, row)
    if (wrong !== null) yield { kind: 'content', what: `message ${row.position}: ${wrong}` }
  }
  for (const position of strangers.on(connection).iterate()) {
    yield { kind: 'content', what: `message ${position}: its conversation or its author is not there` }
  }
  for (const [position, kind, body, messagePosition, isThere] of entries.on(connection).iterate()) {
    if (messagePosition !== null) {
      if (isThere === 0)
        yield { kind: 'content', what: `entry ${position}: message ${messagePosition} is not there` }
      continue
    }
    const entry = Entry.safeParse(parsed(body))
    if (!entry.success || entry.data.position !== position || entry.data.kind !== kind) {
      yield {
        kind: 'content',
        what: `entry ${position}: what is stored is no entry '${kind}' of that position`,
      }
    }
  }
}

const wrongWith = (connection: Connection, row: StoredMessage): string | null => {
  const { success, data: message } = Message.safeParse(parsed(row.json))
  if (!success) return 'what is stored is no message'
  if (message.id !== row.position) return 'it has another id'
  const columns = ['conversationId', 'authorId', 'clientMessageId', 'ordinal', 'sentAt'] as const
  const wrong = columns.find((column) => message[column] !== row[column])
  if (wrong !== undefined) return `it has another ${wrong}`
  const deleted = message.content.kind === 'deleted'
  const everyone = message.mentionsEveryone === true ? ['*'] : []
  const mentioned = deleted ? [] : [...everyone, ...(message.mentions ?? [])]
  if (!isSame(mentionsOf.on(connection).all(row.position), mentioned))
    return 'it is not found by its mentions'
  const attached = deleted ? [] : (message.attachments ?? []).map(({ id }) => id)
  return isSame(attachmentsOf.on(connection).all(row.position), attached)
    ? null
    : 'it is not found by its attachments'
}

/** Whether what is stored, each once and in order, is what is said. */
const isSame = (stored: readonly string[], said: readonly string[]) =>
  stored.join() === [...new Set(said)].toSorted().join()

const parsed = (json: string | null): unknown => {
  try {
    return JSON.parse(json ?? '')
  } catch {
    return undefined
  }
}
