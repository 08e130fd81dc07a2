import {
  AccountId,
  AttachmentId,
  ClientMessageId,
  ConversationId,
  InviteLinkId,
  MessageId,
  Position,
  SessionId,
} from '@parley/domain/ids'
import type {
  AccountRow,
  AttachmentRow,
  ConversationRow,
  Database,
  InviteLinkRow,
  MemberRow,
  NewMessage,
  SessionRow,
  Writing,
} from '@parley/db/stores'

// What tests store, by number: the same number is the same thing.

const numbered = (letter: string, number: number) => `${letter}${String(number).padStart(15, '0')}`

export const accountId = (number: number) => AccountId.parse(numbered('a', number))
export const conversationId = (number: number) => ConversationId.parse(numbered('c', number))
export const sessionId = (number: number) => SessionId.parse(numbered('s', number))
export const attachmentId = (number: number) => AttachmentId.parse(numbered('f', number))
export const inviteLinkId = (number: number) => InviteLinkId.parse(numbered('i', number))
export const clientId = (number: number) => ClientMessageId.parse(`client-${number}`)
export const messageId = (position: number) => MessageId.parse(position)
export const at = (position: number) => Position.parse(position)

export const anAccount = (number: number, change: Partial<AccountRow> = {}): AccountRow => {
  const row: AccountRow = {
    id: accountId(number),
    username: `person${number}`,
    displayName: `Person ${number}`,
    name: '',
    lastName: '',
    bot: false,
    disabled: false,
    operator: false,
    ownerId: null,
    hasPassword: false,
    createdAt: 1_000 + number,
    passwordHash: null,
    lastSeenAt: null,
    ...change,
  }
  return { ...row, hasPassword: row.passwordHash !== null }
}

export const aSession = (number: number, change: Partial<SessionRow> = {}): SessionRow => ({
  id: sessionId(number),
  accountId: accountId(1),
  tokenHash: hashOf(number),
  deviceName: `Device ${number}`,
  deviceId: null,
  createdAt: 1_000 + number,
  lastUsedAt: 2_000 + number,
  ...change,
})

export const hashOf = (number: number) => new Uint8Array(Buffer.alloc(32, number))

export const anInviteLink = (number: number, change: Partial<InviteLinkRow> = {}): InviteLinkRow => ({
  id: inviteLinkId(number),
  secretHash: hashOf(number),
  note: '',
  usesLeft: 1,
  makesOperator: false,
  createdAt: 1_000 + number,
  expiresAt: 9_000,
  ...change,
})

export const aGroup = (number: number, change: Partial<ConversationRow> = {}): ConversationRow => ({
  id: conversationId(number),
  kind: 'group',
  name: `Group ${number}`,
  description: '',
  joinPolicy: 'open',
  listed: true,
  sealed: false,
  founderId: accountId(1),
  createdAt: 1_000 + number,
  closedAt: null,
  passwordHash: null,
  ...change,
})

export const aDirect = (number: number, one: number, other: number): ConversationRow => ({
  ...aGroup(number, { kind: 'direct', name: '', joinPolicy: 'closed', listed: false, founderId: null }),
  directWith: [accountId(one), accountId(other)],
})

export const aMember = (
  conversation: number,
  account: number,
  change: Partial<MemberRow> = {},
): MemberRow => ({
  conversationId: conversationId(conversation),
  accountId: accountId(account),
  role: 'member',
  joinedAt: 3_000,
  joinedPosition: at(0),
  readUpTo: 0,
  readOrdinal: 0,
  ...change,
})

export const aMessage = (number: number, change: Partial<NewMessage> = {}): NewMessage => ({
  conversationId: conversationId(1),
  authorId: accountId(1),
  clientMessageId: clientId(number),
  sentAt: 10_000 + number,
  content: { kind: 'plain', text: `Message ${number}` },
  ...change,
})

export const anAttachment = (number: number, change: Partial<AttachmentRow> = {}): AttachmentRow => ({
  id: attachmentId(number),
  ownerId: accountId(1),
  name: `file ${number}.txt`,
  mediaType: 'text/plain',
  bytes: 100 + number,
  contentHash: String(number).padStart(64, '0'),
  uploadedAt: 5_000 + number,
  ...change,
})

/** Accounts 1 to `accounts`, and groups 1 to `groups` with all of them in it. */
export const peopled = (db: Database, accounts: number, groups = 0): Promise<void> =>
  db.write(async (tx) => {
    for (let number = 1; number <= accounts; number += 1) await tx.accounts.insert(anAccount(number))
    for (let group = 1; group <= groups; group += 1) await addGroup(tx, group, accounts)
  })

export const addGroup = async (tx: Writing, group: number, members: number): Promise<void> => {
  await tx.conversations.insert(aGroup(group))
  for (let member = 1; member <= members; member += 1) {
    await tx.members.insert(aMember(group, member, { role: member === 1 ? 'founder' : 'member' }))
  }
}

export const say = (db: Database, number: number, change: Partial<NewMessage> = {}) =>
  db.write((tx) => tx.messages.insert(aMessage(number, change)))
