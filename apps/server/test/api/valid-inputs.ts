import { newClientMessageId } from '@parley/testkit/people'
import type { ProcedurePath } from './answers.ts'
import { say } from './saying.ts'
import { groupOf, type Someone, type Stage } from './stage.ts'

/** What is there to be named by an input. */
export interface Scene {
  readonly actor: Someone
  readonly inputs: Readonly<Record<ProcedurePath, unknown>>
  /** Ids of all sorts, right in one place and wrong in others. */
  readonly ids: readonly (string | number)[]
}

/** An operator in the midst of some conversations, and for every procedure an input that it takes from them. */
export async function sceneOn(stage: Stage): Promise<Scene> {
  const actor = await stage.operator()
  const [ben, eve] = await stage.people(2)
  const conversationId = await groupOf(actor, [ben], { joinPolicy: 'approval', listed: true })
  const ofBen = await groupOf(ben, [], { joinPolicy: 'open' })
  await eve.api.joinRequests.ask.mutate({ conversationId })
  await eve.api.invitations.send.mutate({ accountId: actor.id })
  const { messageId } = await say(actor, conversationId, 'hello')
  const { account: bot } = await actor.api.bots.make.mutate({ username: 'the-bot' })
  const { link } = await actor.api.admin.makeInviteLink.mutate({})
  const password = 'correct horse battery staple'
  const content = { kind: 'plain', text: 'hello' }
  const inConversation = { conversationId }
  const ofMessage = { conversationId, messageId }
  const eveHere = { conversationId, accountId: eve.id }
  const verifier = 'v'.repeat(43)
  const inputs = {
    'account.signUp': { username: 'somebody', password, displayName: 'S', name: 'S', deviceName: 'D' },
    'account.signIn': { username: ben.username, password: ben.password, deviceName: 'D' },
    'account.signOut': undefined,
    'account.me': undefined,
    'account.updateProfile': { username: 'renamed', displayName: 'R', name: 'R', lastName: 'R' },
    'account.changePassword': { current: actor.password, next: password },
    'admin.makeAccount': { username: 'made', name: 'M', lastName: 'M', password, operator: false },
    'admin.accounts': { after: 'a', limit: 10 },
    'admin.resetPassword': { accountId: ben.id, password },
    'admin.setDisabled': { accountId: bot.id, disabled: true },
    'admin.makeInviteLink': { uses: 2, note: 'Friends' },
    'admin.inviteLinks': undefined,
    'admin.removeInviteLink': { inviteLinkId: link.id },
    'bots.make': { username: 'made-bot', displayName: 'M' },
    'bots.list': undefined,
    'bots.makeToken': { accountId: bot.id, deviceName: 'D' },
    'bots.sessions': { accountId: bot.id },
    'bots.disable': { accountId: bot.id },
    'bridge.signIn': { hostSession: 'a session', deviceName: 'D' },
    'conversations.makeGroup': {
      name: 'Made',
      description: 'As an example',
      joinPolicy: 'closed',
      listed: true,
      sealed: false,
      members: [ben.id],
      clientConversationId: 'made-1',
      keyMaterial: 'a2V5',
    },
    'conversations.openDirect': { accountId: eve.id, sealed: false, keyMaterial: 'a2V5' },
    'conversations.mine': { limit: 10 },
    'conversations.get': inConversation,
    'conversations.listed': { words: 'group', limit: 10 },
    'conversations.about': inConversation,
    'conversations.rename': { ...inConversation, name: 'Renamed' },
    'conversations.describe': { ...inConversation, description: 'Described' },
    'conversations.setJoinPolicy': { ...inConversation, joinPolicy: 'approval', listed: true },
    'conversations.close': { conversationId: ofBen },
    'conversations.join': { conversationId: ofBen, keyMaterial: 'a2V5' },
    'conversations.leave': { conversationId: ofBen },
    'conversations.members': { ...inConversation, after: eve.id, limit: 10 },
    'conversations.addMembers': { ...inConversation, accountIds: [eve.id] },
    'conversations.removeMember': eveHere,
    'conversations.setRole': { ...inConversation, accountId: ben.id, role: 'admin' },
    'conversations.handOver': eveHere,
    'invitations.send': { accountId: ben.id, keyMaterial: 'a2V5' },
    'invitations.withdraw': { accountId: ben.id },
    'invitations.markSeen': { accountId: ben.id },
    'invitations.accept': { fromId: eve.id },
    'invitations.decline': { fromId: eve.id },
    'joinRequests.ask': { conversationId: ofBen, keyMaterial: 'a2V5' },
    'joinRequests.cancel': inConversation,
    'joinRequests.list': inConversation,
    'joinRequests.approve': { ...eveHere, grant: 'Z3JhbnQ' },
    'joinRequests.decline': eveHere,
    'joinRequests.markSeen': inConversation,
    'joinRequests.all': undefined,
    'messages.send': {
      ...inConversation,
      clientMessageId: newClientMessageId(),
      content,
      replyTo: messageId,
      attachments: [],
      statedTime: 1,
      mentions: [ben.id],
      mentionsEveryone: true,
    },
    'messages.edit': { ...ofMessage, content, mentions: [ben.id], mentionsEveryone: false },
    'messages.delete': ofMessage,
    'messages.react': { ...ofMessage, emoji: '👍', on: true },
    'messages.page': { ...inConversation, around: messageId, limit: 10 },
    'messages.get': ofMessage,
    'messages.atTime': { ...inConversation, at: 1 },
    'messages.search': {
      words: 'hello*',
      conversationId,
      authorId: ben.id,
      sentAfter: 1,
      sentBefore: 2,
      before: messageId,
      limit: 10,
    },
    'messages.markRead': ofMessage,
    'messages.typing': inConversation,
    'oidc.start': { returnTo: 'http://127.0.0.1:9/', challenge: verifier, invite: 'an invite' },
    'oidc.finish': { code: 'a code', verifier, deviceName: 'D' },
    'people.list': { after: 'a', limit: 10 },
    'people.search': { words: 'some', limit: 10 },
    'people.get': { accountId: ben.id },
    'server.info': undefined,
    'sessions.list': undefined,
    'sessions.revoke': { sessionId: ben.sessionId },
    'sessions.revokeOthers': undefined,
    'stream.snapshot': undefined,
    'stream.follow': { cursor: 0, logId: 'a log', lastEventId: '1' },
  } satisfies Record<ProcedurePath, unknown>
  const ids = [actor.id, ben.id, conversationId, ofBen, messageId, bot.id, link.id, ben.sessionId]
  return { actor, inputs, ids }
}
