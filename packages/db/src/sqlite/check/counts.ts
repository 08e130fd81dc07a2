import { RawQuery } from '../raw-query.ts'
import type { Connection } from '../raw-query.ts'
import type { Finding } from './findings.ts'

const memberCounts = new RawQuery<[], [id: string, kept: number, counted: number]>(
  `select id, memberCount, (select count(*) from member where conversationId = conversation.id) as counted
  from conversation where memberCount <> counted`,
  'array',
)
const carriers = new RawQuery<[], [id: string, kept: number, counted: number]>(
  `select id, carriers, (select count(*) from messageAttachment where attachmentId = attachment.id) as counted
  from attachment where carriers <> counted`,
  'array',
)
const readMarkers = new RawQuery<[], [conversationId: string, accountId: string]>(
  `select conversationId, accountId from member where readOrdinal > ifnull((
    select ordinal from message where conversationId = member.conversationId order by position desc limit 1
  ), 0)`,
  'array',
)

/** Numbers that are kept beside what they count. */
export function* countFindings(connection: Connection): Generator<Finding> {
  for (const [id, kept, counted] of memberCounts.on(connection).iterate()) {
    yield { kind: 'count', what: `conversation ${id} has ${counted} members, not ${kept}` }
  }
  for (const [id, kept, counted] of carriers.on(connection).iterate()) {
    yield { kind: 'count', what: `attachment ${id} is carried by ${counted} messages, not ${kept}` }
  }
  for (const [conversationId, accountId] of readMarkers.on(connection).iterate()) {
    yield { kind: 'count', what: `${accountId} has read more of ${conversationId} than there is` }
  }
}
