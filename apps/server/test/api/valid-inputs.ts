import { backupKeyOf, sealAccountBackup } from '@parley/crypto/backup'
import { sealGrants } from '@parley/crypto/grants'
import { certificateOf, deviceKeys } from '@parley/crypto/identity'
import { answerLink, requestLink } from '@parley/crypto/link'
import { toText } from '@parley/domain/sealed/bytes'
import { newClientMessageId } from '@parley/testkit/people'
import { hpke, primitives, Program } from '../sealed/program.ts'
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
  const program = await Program.begin(actor)
  const sealedHere = { conversationId: await groupOf(actor) }
  const { chain, keyring } = await program.seal(sealedHere.conversationId)
  const [entry] = (await actor.api.sealed.chain.query(sealedHere)).entries.map((each) => each.entry)
  const { identity } = await program.listOf(actor.id)
  const code = primitives.randomBytes(16)
  const backupKey = backupKeyOf(primitives, actor.id, primitives.randomBytes(32))
  const inBackup = { part: 'account', keyId: backupKey.keyId, version: 1 } as const
  const account = { accountSeed: program.accountKey.seed, head: (await program.refOf(actor.id)).head }
  const newDevice = deviceKeys(primitives, actor.id, 'person')
  const linkAnswer = await answerLink(
    hpke,
    { accountId: actor.id, certificate: certificateOf(newDevice), code },
    { ...account, backupKey: null },
  )
  const grants = await sealGrants(
    { hpke, chain, keyring, keys: program.keys, at: 1 },
    [{ accountId: actor.id, deviceId: program.keys.id, sealing: program.keys.sealing.publicKey }],
    { first: 0, last: 0 },
  )
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
    'backup.put': {
      ...inBackup,
      sealed: toText(sealAccountBackup(primitives, backupKey, { accountId: actor.id, version: 1 }, account)),
    },
    'backup.parts': undefined,
    'backup.get': { part: 'account', keyId: backupKey.keyId },
    'backup.settle': { keyId: backupKey.keyId },
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
    'devices.append': { entries: [program.firstEntry], beginAgain: false },
    'devices.lists': { lists: [{ accountId: actor.id, identity, from: 0 }] },
    'devices.use': { deviceId: program.keys.id },
    'devices.requestLink': { request: toText(requestLink(primitives, newDevice, code)) },
    'devices.linkRequests': undefined,
    'devices.answerLink': { deviceId: newDevice.id, answer: toText(linkAnswer) },
    'devices.linkAnswer': { deviceId: newDevice.id },
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
    'sealed.head': sealedHere,
    'sealed.chain': { ...sealedHere, from: 0 },
    'sealed.append': { ...sealedHere, entries: [entry], grants: [], password },
    'sealed.grant': { ...sealedHere, grants: grants.map(toText) },
    'sealed.grants': { ...sealedHere, after: '0', limit: 10 },
    'sealed.requestKeys': { ...sealedHere, firstEpoch: 0, lastEpoch: 0 },
    'sealed.keyRequests': sealedHere,
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
