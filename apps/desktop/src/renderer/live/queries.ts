import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { EngineRouter } from '../../engine/router.ts'
import { engine } from './clients.ts'
import { live } from './live.ts'

export type Asked = inferRouterInputs<EngineRouter>
export type Answers = inferRouterOutputs<EngineRouter>

export type AppState = Answers['app']['state']
export type Connection = Answers['app']['connection']
export type ConversationView = Answers['conversations']['list'][number]
export type ConversationKey = ConversationView['id']
export type TimelineWindow = Answers['messages']['timeline']
export type TimelineMessage = TimelineWindow['items'][number]
export type TimelineAnchor = Asked['messages']['timeline']['at']
export type Operation = Answers['outbox']['list'][number]
export type Action = Asked['outbox']['act']['action']
export type Person = Answers['people']['list'][number]
export type Me = NonNullable<Answers['people']['me']>
export type Requests = Answers['conversations']['requests']
export type Members = Answers['conversations']['members']
export type Transfer = Answers['attachments']['transfers'][number]
export type ListedGroup = Answers['conversations']['listed']['groups'][number]
export type GroupAbout = Answers['conversations']['about']
export type Encryption = Answers['encryption']['state']
export type OwnDevice = Answers['encryption']['devices'][number]
export type Sealing = NonNullable<ConversationView['sealing']>
export type HistoryPolicy = Sealing['history']
export type SealedNotice = Answers['encryption']['notices']['notices'][number]
export type Draft = NonNullable<Answers['messages']['draft']>

// What the screens ask, each with the topics that change the answer. Whoever is about to be another account asks anew.

export const stateQuery = live('state', null, ['app'], () => engine.app.state.query())
export const accountsQuery = live('accounts', null, ['app', 'accounts'], () => engine.app.accounts.query())
export const connectionQuery = live('connection', null, ['app', 'connection'], () =>
  engine.app.connection.query(),
)
export const meQuery = live('me', null, ['app', 'me'], () => engine.people.me.query())
export const peopleQuery = live('people', null, ['app', 'people', 'presence'], () =>
  engine.people.list.query(),
)
export const personQuery = (id: AccountId) =>
  live('person', id, ['app', 'people', 'presence'], () => engine.people.get.query({ id }))
export const conversationsQuery = live('conversations', null, ['app', 'conversations'], () =>
  engine.conversations.list.query(),
)
export const conversationQuery = (id: ConversationKey) =>
  live('conversation', id, ['app', `conversation:${id}`], () => engine.conversations.get.query({ id }))
export const draftQuery = (conversationId: ConversationKey) =>
  live('draft', conversationId, ['app', `conversation:${conversationId}`], () =>
    engine.messages.draft.query({ conversationId }),
  )
export const membersQuery = (id: ConversationKey) =>
  live('members', id, ['app', 'people', 'presence', `members:${id}`], () =>
    engine.conversations.members.query({ id }),
  )
export const typingQuery = (id: ConversationKey) =>
  live('typing', id, ['app', `typing:${id}`], () => engine.conversations.typing.query({ id }))
export const requestsQuery = live('requests', null, ['app', 'requests'], () =>
  engine.conversations.requests.query(),
)
export const outboxQuery = live('outbox', null, ['app', 'outbox'], () => engine.outbox.list.query())
export const transfersQuery = live('transfers', null, ['app', 'transfers'], () =>
  engine.attachments.transfers.query(),
)
export const sharedGroupsQuery = (accountId: AccountId) =>
  live('shared-groups', accountId, ['app', 'conversations', 'people'], () =>
    engine.conversations.sharedWith.query({ accountId }),
  )
/** A group that one is not in; asked of the server, again when there is a connection again. */
export const groupQuery = (id: ConversationId) =>
  live('group', id, ['app', 'connection'], () => engine.conversations.about.query({ id }))
export const doNotDisturbQuery = live('do-not-disturb', null, ['app', 'notifications'], () =>
  engine.notifications.doNotDisturbUntil.query(),
)
export const usualLevelsQuery = live('usual-levels', null, ['app', 'notifications'], () =>
  engine.notifications.usualLevels.query(),
)
export const storageQuery = live('storage', null, ['app', 'transfers'], () => engine.storage.use.query())
/** Where this device stands among those of its account. */
export const encryptionQuery = live('encryption', null, ['app', 'encryption'], () =>
  engine.encryption.state.query(),
)
export const devicesQuery = live('devices', null, ['app', 'encryption'], () =>
  engine.encryption.devices.query(),
)
/** What one calls them, on this device. */
export const deviceNamesQuery = live('device-names', null, ['app', 'settings'], () =>
  engine.encryption.deviceNames.query(),
)
export const safetyNumberQuery = (accountId: AccountId) =>
  live('safety-number', accountId, ['app', 'encryption'], () =>
    engine.encryption.safetyNumber.query({ accountId }),
  )
/** What happened to the keys of a conversation; nothing yet in one that waits to be made. */
export const sealedNoticesQuery = (id: ConversationKey) =>
  live('sealed-notices', id, ['app', 'settings', `conversation:${id}`], () =>
    engine.encryption.notices.query({ id }),
  )
export const recoveryPutOffQuery = live('recovery-put-off', null, ['app', 'settings'], () =>
  engine.encryption.isPutOff.query(),
)
export const searchReachQuery = live('search-reach', null, ['app', 'settings', 'conversations'], () =>
  engine.messages.searchReach.query(),
)
// Asked of the server, and again when there is a connection again.
export const sessionsQuery = live('sessions', null, ['app', 'connection'], () =>
  engine.account.sessions.query(),
)
export const botsQuery = live('bots', null, ['app', 'connection'], () => engine.bots.list.query())
export const botSessionsQuery = (accountId: AccountId) =>
  live('bot-sessions', accountId, ['app', 'connection'], () => engine.bots.sessions.query({ accountId }))
export const inviteLinksQuery = live('invite-links', null, ['app', 'connection'], () =>
  engine.admin.inviteLinks.query(),
)
