import { UpdateProfile } from '@parley/domain/accounts'
import { JoinPolicy, MakeGroup, RenameConversation, DescribeConversation } from '@parley/domain/conversations'
import { AccountId, AttachmentId, ClientMessageId, ConversationId, MessageId } from '@parley/domain/ids'
import {
  addPeoplePerCallMax,
  attachmentsPerMessageMax,
  mentionsPerMessageMax,
  passwordCharsMax,
} from '@parley/domain/limits'
import { Emoji, PlainContent } from '@parley/domain/messages'
import { z } from 'zod'

/**
 * The name of an operation, for ever. That of a `send` is the message's client id too, so that however often it is
 * repeated there is one message (P2).
 */
export const OperationId = ClientMessageId
export type OperationId = z.infer<typeof OperationId>

/** A group or direct conversation that waits to be made goes by this until the server has named it. */
export const LocalConversationId = z
  .string()
  .regex(/^local-[\x21-\x7e]{1,64}$/)
  .brand<'LocalConversationId'>()
export type LocalConversationId = z.infer<typeof LocalConversationId>

export const ConversationKey = z.union([ConversationId, LocalConversationId])
export type ConversationKey = z.infer<typeof ConversationKey>

/** A message of the server, or one that still waits to be sent. */
export const MessageKey = z.union([MessageId, OperationId])
export type MessageKey = z.infer<typeof MessageKey>

/** A file that waits to be sent, in a draft or with a message, goes by this until the server has named it. */
export const DraftAttachmentId = z
  .string()
  .regex(/^draft-[\x21-\x7e]{1,64}$/)
  .brand<'DraftAttachmentId'>()
export type DraftAttachmentId = z.infer<typeof DraftAttachmentId>

/** An attachment of the server, or one that still waits to be sent. */
export const AttachmentKey = z.union([AttachmentId, DraftAttachmentId])
export type AttachmentKey = z.infer<typeof AttachmentKey>

const action = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...shape })

const inConversation = { conversationId: ConversationKey }
const ofMessage = { ...inConversation, messageId: MessageKey }
const ofMember = { ...inConversation, accountId: AccountId }
const saying = {
  content: PlainContent,
  mentions: z.array(AccountId).max(mentionsPerMessageMax).optional(),
  mentionsEveryone: z.boolean().optional(),
}
const History = z.enum(['joining', 'everything'])
const InviteFragment = z.string().min(1).max(200)
const GroupPassword = z.string().min(1).max(passwordCharsMax)

/** Everything that a person does and the server has to learn of. */
export const Action = z.discriminatedUnion('kind', [
  action('send', {
    ...inConversation,
    ...saying,
    replyTo: MessageKey.optional(),
    /** Files that were added to a draft; they become this message's. */
    attachments: z.array(DraftAttachmentId).max(attachmentsPerMessageMax).optional(),
  }),
  action('edit', { ...ofMessage, ...saying }),
  action('delete', ofMessage),
  action('react', { ...ofMessage, emoji: Emoji, on: z.boolean() }),
  action('mark-read', { ...inConversation, messageId: MessageId }),

  action('make-group', {
    name: MakeGroup.shape.name,
    description: MakeGroup.shape.description,
    joinPolicy: MakeGroup.shape.joinPolicy,
    password: GroupPassword.optional(),
    listed: MakeGroup.shape.listed,
    members: MakeGroup.shape.members,
    sealed: z.boolean().optional(),
    /** Of a sealed one: what newcomers may read; from their joining on, unless said otherwise. */
    history: History.optional(),
  }),
  /** Where a sealed one is wished and there is a plain one, that is turned. */
  action('open-direct', { accountId: AccountId, sealed: z.boolean().optional() }),
  /** There is no way back. */
  action('turn-sealed', { ...inConversation, history: History }),
  action('set-history', { ...inConversation, history: History }),
  action('rename', { ...inConversation, name: RenameConversation.shape.name }),
  action('describe', { ...inConversation, description: DescribeConversation.shape.description }),
  action('set-join-policy', {
    ...inConversation,
    joinPolicy: JoinPolicy,
    password: GroupPassword.optional(),
    listed: z.boolean().optional(),
  }),
  action('close', inConversation),
  action('join', {
    conversationId: ConversationId,
    password: GroupPassword.optional(),
    /** What stands behind the `#` of the link of a sealed group. */
    invite: InviteFragment.optional(),
  }),
  action('leave', inConversation),
  action('add-members', {
    ...inConversation,
    accountIds: z.array(AccountId).min(1).max(addPeoplePerCallMax),
    /** The safety number that was seen, of one person who is let in with new keys: with other ones nobody is let in. */
    digits: z.string().max(100).optional(),
  }),
  action('remove-member', ofMember),
  action('set-role', { ...ofMember, role: z.enum(['admin', 'member']) }),
  action('hand-over', ofMember),

  action('ask-to-join', { conversationId: ConversationId, invite: InviteFragment.optional() }),
  action('cancel-join-request', { conversationId: ConversationId }),
  action('approve-join', { conversationId: ConversationId, accountId: AccountId }),
  action('decline-join', { conversationId: ConversationId, accountId: AccountId }),
  action('invite', { accountId: AccountId }),
  action('withdraw-invitation', { accountId: AccountId }),
  action('accept-invitation', { fromId: AccountId, sealed: z.boolean().optional() }),
  action('decline-invitation', { fromId: AccountId }),
  action('update-profile', { profile: UpdateProfile }),
])
export type Action = z.infer<typeof Action>
export type ActionKind = Action['kind']
export type ActionOf<Kind extends ActionKind> = Extract<Action, { kind: Kind }>

/** Of which messages of a conversation a person is told. Unless said otherwise, `all` of a direct one, and `mentions` of a group. */
export const NotificationLevel = z.enum(['all', 'mentions', 'nothing'])
export type NotificationLevel = z.infer<typeof NotificationLevel>
