import { z } from 'zod'
import { PersonWithPresence } from './accounts.ts'
import { AccountId, ClientConversationId, ConversationId, Timestamp } from './ids.ts'
import {
  addPeoplePerCallMax,
  conversationDescriptionCharsMax,
  conversationNameCharsMax,
  keyMaterialBytesMax,
  pageItemsDefault,
  pageItemsMax,
  passwordCharsMax,
} from './limits.ts'
import { Message } from './messages.ts'
import { lineOf, opaqueOf, pageLimit, textOf } from './text.ts'

export const Role = z.enum(['founder', 'admin', 'member'])
export type Role = z.infer<typeof Role>

/** Who gets into a group: anybody, who knows its password, whom an admin approves, or only whom an admin adds. */
export const JoinPolicy = z.enum(['open', 'password', 'approval', 'closed'])
export type JoinPolicy = z.infer<typeof JoinPolicy>

export const ConversationKind = z.enum(['direct', 'group'])
export type ConversationKind = z.infer<typeof ConversationKind>

/** Public keys, grants and the like: clients read them, the server carries them. */
export const KeyMaterial = opaqueOf(keyMaterialBytesMax)

export const Conversation = z.strictObject({
  id: ConversationId,
  kind: ConversationKind,
  /** Empty for a direct conversation: it is called by the other's name. */
  name: z.string(),
  description: z.string(),
  joinPolicy: JoinPolicy,
  /** Listed groups are found by everybody; the others only by their members and whoever has their id. */
  listed: z.boolean(),
  /** A sealed conversation takes sealed content only; it never turns back. */
  sealed: z.boolean(),
  founderId: AccountId.nullable(),
  /** The two people of a direct conversation. */
  directWith: z.tuple([AccountId, AccountId]).optional(),
  /** By which its maker's programs know a group that they have made. */
  clientConversationId: ClientConversationId.optional(),
  createdAt: Timestamp,
  /** A closed conversation can be read by its members, and nothing in it changes any more. */
  closedAt: Timestamp.nullable(),
})
export type Conversation = z.infer<typeof Conversation>

export const Member = z.strictObject({
  accountId: AccountId,
  role: Role,
  joinedAt: Timestamp,
  /** What the member brought along when joining (its public keys), and what it was given (its grant). */
  keyMaterial: KeyMaterial.optional(),
  grant: KeyMaterial.optional(),
})
export type Member = z.infer<typeof Member>

/** A conversation as one of its members has it. */
export const MyConversation = z.strictObject({
  conversation: Conversation,
  role: Role,
  grant: KeyMaterial.optional(),
  memberCount: z.int().min(0),
  lastMessage: Message.nullable(),
  /** The newest message that was read; 0 when none was. */
  readUpTo: z.int().min(0),
  unread: z.int().min(0),
  mentions: z.int().min(0),
})
export type MyConversation = z.infer<typeof MyConversation>

/** What somebody learns on coming into a conversation; what was said there comes by `messages.page`. */
export const Joined = MyConversation.pick({ conversation: true, role: true, grant: true, memberCount: true })
export type Joined = z.infer<typeof Joined>

/** A listed group as somebody sees it who is not in it. */
export const ListedConversation = z.strictObject({
  id: ConversationId,
  name: z.string(),
  description: z.string(),
  joinPolicy: JoinPolicy,
  sealed: z.boolean(),
  memberCount: z.int().min(0),
  isMember: z.boolean(),
})
export type ListedConversation = z.infer<typeof ListedConversation>

const ConversationName = lineOf(conversationNameCharsMax, 1)
const Description = textOf(conversationDescriptionCharsMax)
const ConversationPassword = z.string().min(1).max(passwordCharsMax)

const passwordFitsPolicy = (input: { joinPolicy?: JoinPolicy | undefined; password?: string | undefined }) =>
  (input.joinPolicy === 'password') === (input.password !== undefined)

export const MakeGroup = z
  .strictObject({
    name: ConversationName,
    description: Description.default(''),
    joinPolicy: JoinPolicy.default('closed'),
    password: ConversationPassword.optional(),
    listed: z.boolean().default(false),
    sealed: z.boolean().default(false),
    members: z.array(AccountId).max(addPeoplePerCallMax).default([]),
    /** Made anew for each group: whatever is repeated under the same one returns what became of the first. */
    clientConversationId: ClientConversationId.optional(),
    keyMaterial: KeyMaterial.optional(),
  })
  .refine(passwordFitsPolicy, {
    path: ['password'],
    message: 'goes with join policy "password", and only with it',
  })
export type MakeGroup = z.infer<typeof MakeGroup>

export const ConversationRef = z.strictObject({ conversationId: ConversationId })

export const RenameConversation = z.strictObject({ ...ConversationRef.shape, name: ConversationName })
export type RenameConversation = z.infer<typeof RenameConversation>

export const DescribeConversation = z.strictObject({ ...ConversationRef.shape, description: Description })
export type DescribeConversation = z.infer<typeof DescribeConversation>

export const SetJoinPolicy = z
  .strictObject({
    ...ConversationRef.shape,
    joinPolicy: JoinPolicy,
    password: ConversationPassword.optional(),
    listed: z.boolean().optional(),
  })
  .refine(passwordFitsPolicy, {
    path: ['password'],
    message: 'goes with join policy "password", and only with it',
  })
export type SetJoinPolicy = z.infer<typeof SetJoinPolicy>

export const OpenDirect = z.strictObject({
  accountId: AccountId,
  sealed: z.boolean().default(false),
  keyMaterial: KeyMaterial.optional(),
})
export type OpenDirect = z.infer<typeof OpenDirect>

export const JoinConversation = z.strictObject({
  ...ConversationRef.shape,
  password: ConversationPassword.optional(),
  keyMaterial: KeyMaterial.optional(),
})
export type JoinConversation = z.infer<typeof JoinConversation>

export const AddMembers = z.strictObject({
  ...ConversationRef.shape,
  accountIds: z.array(AccountId).min(1).max(addPeoplePerCallMax),
})
export type AddMembers = z.infer<typeof AddMembers>

export const MemberRef = z.strictObject({ ...ConversationRef.shape, accountId: AccountId })
export type MemberRef = z.infer<typeof MemberRef>

/** The founder's role changes hands by `handOver` alone. */
export const SetRole = z.strictObject({ ...MemberRef.shape, role: z.enum(['admin', 'member']) })
export type SetRole = z.infer<typeof SetRole>

export const ListMembers = z.strictObject({
  ...ConversationRef.shape,
  after: AccountId.optional(),
  limit: pageLimit(pageItemsDefault, 1_000),
})
export type ListMembers = z.infer<typeof ListMembers>

export const MembersPage = z.strictObject({
  members: z.array(z.strictObject({ ...Member.shape, person: PersonWithPresence })),
  next: AccountId.nullable(),
})
export type MembersPage = z.infer<typeof MembersPage>

/** Listed groups by name; `words` narrows them down, `after` is the `next` of the page before. */
export const ListGroups = z.strictObject({
  words: lineOf(conversationNameCharsMax).optional(),
  after: z.string().max(200).optional(),
  limit: pageLimit(pageItemsDefault, pageItemsMax),
})
export type ListGroups = z.infer<typeof ListGroups>

export const GroupsPage = z.strictObject({ groups: z.array(ListedConversation), next: z.string().nullable() })
export type GroupsPage = z.infer<typeof GroupsPage>

/** The account's conversations, the one with the newest message first. */
export const ListMine = z.strictObject({
  after: z.string().max(200).optional(),
  limit: pageLimit(pageItemsMax, pageItemsMax),
})
export type ListMine = z.infer<typeof ListMine>

export const MinePage = z.strictObject({
  conversations: z.array(MyConversation),
  next: z.string().nullable(),
})
export type MinePage = z.infer<typeof MinePage>

// Asking to be let in, and asking somebody to talk

export const RequestState = z.enum(['waiting', 'cancelled', 'approved', 'declined'])
export type RequestState = z.infer<typeof RequestState>

/** Somebody asks to be let into a group. One request an account and conversation; asking again opens it again. */
export const JoinRequest = z.strictObject({
  conversationId: ConversationId,
  conversationName: z.string(),
  accountId: AccountId,
  state: RequestState,
  askedAt: Timestamp,
  decidedAt: Timestamp.nullable(),
  decidedBy: AccountId.nullable(),
  keyMaterial: KeyMaterial.optional(),
  /** Travels back to the joiner with the approval. */
  grant: KeyMaterial.optional(),
  /** Whoever asked has seen what was decided. */
  seen: z.literal(true).optional(),
})
export type JoinRequest = z.infer<typeof JoinRequest>

export const AskToJoin = z.strictObject({ ...ConversationRef.shape, keyMaterial: KeyMaterial.optional() })
export type AskToJoin = z.infer<typeof AskToJoin>

export const ApproveJoin = z.strictObject({ ...MemberRef.shape, grant: KeyMaterial.optional() })
export type ApproveJoin = z.infer<typeof ApproveJoin>

export const InvitationState = z.enum(['waiting', 'withdrawn', 'accepted', 'declined'])

/** Somebody asks another person for a direct conversation. One invitation a pair and direction. */
export const Invitation = z.strictObject({
  fromId: AccountId,
  toId: AccountId,
  state: InvitationState,
  sentAt: Timestamp,
  decidedAt: Timestamp.nullable(),
  /** The direct conversation, once accepted. */
  conversationId: ConversationId.nullable(),
  keyMaterial: KeyMaterial.optional(),
  /** Whoever sent it has seen what was decided. */
  seen: z.literal(true).optional(),
})
export type Invitation = z.infer<typeof Invitation>

export const SendInvitation = z.strictObject({ accountId: AccountId, keyMaterial: KeyMaterial.optional() })
export type SendInvitation = z.infer<typeof SendInvitation>

/** Answers the invitation that the account `fromId` sent. */
export const AnswerInvitation = z.strictObject({ fromId: AccountId })

export const Requests = z.strictObject({
  /** Waiting requests for groups that the account may decide on. */
  toDecide: z.array(JoinRequest),
  /** The account's own, those decided in the last 30 days among them. */
  mine: z.array(JoinRequest),
  invitations: z.array(Invitation),
})
export type Requests = z.infer<typeof Requests>

export const ReadMarker = z.strictObject({
  conversationId: ConversationId,
  readUpTo: z.int().min(0),
  unread: z.int().min(0),
  mentions: z.int().min(0),
})
export type ReadMarker = z.infer<typeof ReadMarker>
