import { JsonOf } from './json.ts'
import type { Invitation, JoinRequest, Requests } from '@parley/domain/conversations'
import type { AccountId } from '@parley/domain/ids'
import type { Connection } from './ciphers.ts'
import { Statement } from './statement.ts'

const joinRequestJson = new JsonOf<JoinRequest>()
const invitationJson = new JsonOf<Invitation>()

const put = new Statement<[string, string]>(
  'insert into request (key, json) values (?, ?) on conflict (key) do update set json = excluded.json',
)
const byPrefix = new Statement<[string, string], string>(
  'select json from request where key >= ? and key < ? order by key',
  'value',
)
const byKey = new Statement<[string], string>('select json from request where key = ?', 'value')

export function putJoinRequest(connection: Connection, request: JoinRequest): void {
  put.on(connection).run(`join ${request.conversationId} ${request.accountId}`, JSON.stringify(request))
}

export function putInvitation(connection: Connection, invitation: Invitation): void {
  put.on(connection).run(`invitation ${invitation.fromId} ${invitation.toId}`, JSON.stringify(invitation))
}

/** As the server has them now; what is not among them is gone. */
export function replaceRequests(connection: Connection, requests: Requests): void {
  connection.exec('delete from request')
  for (const request of [...requests.toDecide, ...requests.mine]) putJoinRequest(connection, request)
  for (const invitation of requests.invitations) putInvitation(connection, invitation)
}

export const heldJoinRequest = (connection: Connection, conversationId: string, accountId: string) => {
  const json = byKey.on(connection).get(`join ${conversationId} ${accountId}`)
  return json === undefined ? null : joinRequestJson.read(json)
}

export const heldInvitation = (connection: Connection, fromId: string, toId: string) => {
  const json = byKey.on(connection).get(`invitation ${fromId} ${toId}`)
  return json === undefined ? null : invitationJson.read(json)
}

export function heldRequests(connection: Connection, me: AccountId): Requests {
  const joins = byPrefix
    .on(connection)
    .all('join ', 'join!')
    .map((json) => joinRequestJson.read(json))
  return {
    toDecide: joins.filter((request) => request.accountId !== me && request.state === 'waiting'),
    mine: joins.filter((request) => request.accountId === me),
    invitations: byPrefix
      .on(connection)
      .all('invitation ', 'invitation!')
      .map((json) => invitationJson.read(json)),
  }
}
