import { appRouter, type AppRouter } from '@parley/api/root'
import {
  BotMade,
  InviteLink,
  InviteLinkMade,
  Me,
  PeoplePage,
  Person,
  PersonWithPresence,
  Session,
  SignedIn,
} from '@parley/domain/accounts'
import {
  Conversation,
  GroupsPage,
  Invitation,
  JoinRequest,
  MembersPage,
  MinePage,
  MyConversation,
  ReadMarker,
  Requests,
} from '@parley/domain/conversations'
import { MessageId } from '@parley/domain/ids'
import { History, Message, SearchResult, Sent } from '@parley/domain/messages'
import { OidcStarted, ServerInfo } from '@parley/domain/server'
import {
  Appended,
  AnswerLink,
  BackupText,
  ChainHead,
  ChainPage,
  GrantsPage,
  KeyRequest,
  LinkRequest,
  ListHead,
  ListsPage,
  StoredBackup,
} from '@parley/domain/sealed/wire'
import { Snapshot, StreamEvent } from '@parley/domain/stream'
import { z } from 'zod'

type Routers = AppRouter['_def']['record']

/** Every procedure, as `account.signUp`. */
export type ProcedurePath = {
  [Name in keyof Routers]: `${Name}.${keyof Routers[Name] & string}`
}[keyof Routers]

const nothing = z.undefined()

/** What each procedure answers with. */
export const answers = {
  'account.signUp': SignedIn,
  'account.signIn': SignedIn,
  'account.signOut': nothing,
  'account.me': Me,
  'account.updateProfile': Me,
  'account.changePassword': nothing,
  'admin.makeAccount': Me,
  'admin.accounts': z.strictObject({ accounts: z.array(Me), next: z.string().nullable() }),
  'admin.resetPassword': nothing,
  'admin.setDisabled': nothing,
  'admin.makeInviteLink': InviteLinkMade,
  'admin.inviteLinks': z.array(InviteLink),
  'admin.removeInviteLink': nothing,
  'backup.put': nothing,
  'backup.parts': z.array(StoredBackup),
  'backup.get': z.strictObject({ sealed: BackupText }),
  'backup.settle': nothing,
  'bots.make': BotMade,
  'bots.list': z.array(Person),
  'bots.makeToken': BotMade,
  'bots.sessions': z.array(Session),
  'bots.disable': nothing,
  'bridge.signIn': SignedIn,
  'conversations.makeGroup': Conversation,
  'conversations.openDirect': Conversation,
  'conversations.mine': MinePage,
  'conversations.get': MyConversation,
  'conversations.listed': GroupsPage,
  'conversations.about': Conversation.pick({
    id: true,
    name: true,
    description: true,
    joinPolicy: true,
    sealed: true,
  }),
  'conversations.rename': Conversation,
  'conversations.describe': Conversation,
  'conversations.setJoinPolicy': Conversation,
  'conversations.close': nothing,
  'conversations.join': Conversation,
  'conversations.leave': nothing,
  'conversations.members': MembersPage,
  'conversations.addMembers': nothing,
  'conversations.removeMember': nothing,
  'conversations.setRole': nothing,
  'conversations.handOver': nothing,
  'devices.append': ListHead,
  'devices.lists': ListsPage,
  'devices.use': nothing,
  'devices.requestLink': nothing,
  'devices.linkRequests': z.array(LinkRequest),
  'devices.answerLink': nothing,
  'devices.linkAnswer': AnswerLink.nullable(),
  'invitations.send': Invitation,
  'invitations.withdraw': nothing,
  'invitations.markSeen': nothing,
  'invitations.accept': Conversation,
  'invitations.decline': nothing,
  'joinRequests.ask': JoinRequest,
  'joinRequests.cancel': nothing,
  'joinRequests.list': z.array(JoinRequest),
  'joinRequests.approve': nothing,
  'joinRequests.decline': nothing,
  'joinRequests.markSeen': nothing,
  'joinRequests.all': Requests,
  'messages.send': Sent,
  'messages.edit': Message,
  'messages.delete': nothing,
  'messages.react': nothing,
  'messages.page': History,
  'messages.get': Message,
  'messages.atTime': MessageId.nullable(),
  'messages.search': SearchResult,
  'messages.markRead': ReadMarker,
  'messages.typing': nothing,
  'oidc.start': OidcStarted,
  'oidc.finish': SignedIn,
  'people.list': PeoplePage,
  'people.search': z.array(PersonWithPresence),
  'people.get': PersonWithPresence,
  'sealed.head': ChainHead.nullable(),
  'sealed.chain': ChainPage,
  'sealed.append': Appended,
  'sealed.grant': nothing,
  'sealed.grants': GrantsPage,
  'sealed.requestKeys': nothing,
  'sealed.keyRequests': z.array(KeyRequest),
  'server.info': ServerInfo,
  'sessions.list': z.array(Session),
  'sessions.revoke': nothing,
  'sessions.revokeOthers': nothing,
  'stream.snapshot': Snapshot,
  'stream.follow': StreamEvent,
} satisfies Record<ProcedurePath, z.ZodType>

export const isProcedure = (path: string): path is ProcedurePath => Object.hasOwn(answers, path)

/** The schema of a procedure's answer. @throws for a path that is none. */
export function answerOf(path: string): z.ZodType {
  if (!isProcedure(path)) throw new Error(`${path} is no procedure`)
  return answers[path]
}

/** Every procedure of the router and whether it is a query, a mutation or a subscription, whatever the types say. */
export const procedureTypes: ReadonlyMap<string, string> = new Map(
  Object.entries(appRouter._def.procedures).map(([path, procedure]) => [path, typeOf(procedure)]),
)

function typeOf(procedure: unknown): string {
  if (typeof procedure === 'function' && '_def' in procedure) {
    return z.object({ type: z.string() }).parse(procedure._def).type
  }
  throw new Error('This is no procedure')
}
