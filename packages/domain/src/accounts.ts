import { z } from 'zod'
import { AccountId, DeviceId, InviteLinkId, SessionId, Timestamp } from './ids.ts'
import {
  deviceNameCharsMax,
  nameCharsMax,
  pageItemsDefault,
  pageItemsMax,
  passwordCharsMax,
  passwordCharsMin,
  searchCharsMax,
  usernameCharsMax,
  usernameCharsMin,
} from './limits.ts'
import { lineOf, pageLimit } from './text.ts'

export const Username = z
  .string()
  .min(usernameCharsMin)
  .max(usernameCharsMax)
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'may hold letters, digits, dots, dashes and underscores, the first a letter or digit',
  )
export type Username = z.infer<typeof Username>

/** What makes two usernames the same one: case does not tell them apart. */
export const usernameKey = (username: string) => username.toLowerCase()

export const Password = z.string().min(passwordCharsMin).max(passwordCharsMax)

/** A password as given at sign-in: whatever was once accepted must still be checked, so only its size is bounded. */
export const PasswordGiven = z.string().min(1).max(passwordCharsMax)

/** bcrypt hashes of other systems, at costs that can be checked within a second or so. */
export const BcryptHash = z
  .string()
  .regex(/^\$2[aby]\$(0[4-9]|1[0-3])\$[./A-Za-z0-9]{53}$/, 'must be a bcrypt hash of cost 4 to 13')

export const DeviceName = lineOf(deviceNameCharsMax, 1)

export const Profile = z.strictObject({
  username: Username,
  displayName: lineOf(nameCharsMax, 1),
  name: lineOf(nameCharsMax),
  lastName: lineOf(nameCharsMax),
})
export type Profile = z.infer<typeof Profile>

/** An account as everybody on the server sees it. */
export const Person = z.strictObject({
  id: AccountId,
  ...Profile.shape,
  bot: z.boolean(),
  disabled: z.boolean(),
})
export type Person = z.infer<typeof Person>

/** One's own account. */
export const Me = z.strictObject({
  ...Person.shape,
  operator: z.boolean(),
  /** The account that made this one; only bots have an owner. */
  ownerId: AccountId.nullable(),
  hasPassword: z.boolean(),
  createdAt: Timestamp,
})
export type Me = z.infer<typeof Me>

export const Presence = z.strictObject({
  accountId: AccountId,
  online: z.boolean(),
  /** When the account was last online; null when it never was. While online: when that began. */
  lastSeenAt: Timestamp.nullable(),
})
export type Presence = z.infer<typeof Presence>

export const PersonWithPresence = z.strictObject({
  ...Person.shape,
  online: z.boolean(),
  lastSeenAt: Timestamp.nullable(),
})
export type PersonWithPresence = z.infer<typeof PersonWithPresence>

export const Session = z.strictObject({
  id: SessionId,
  deviceName: z.string(),
  /** The device, of those that hold the account's keys, for which it speaks; null until it has said so. */
  deviceId: DeviceId.nullable(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp,
  online: z.boolean(),
  current: z.boolean(),
})
export type Session = z.infer<typeof Session>

/** Sign-in's answer. The token is shown this once; the server keeps its SHA-256 only. */
export const SignedIn = z.strictObject({ token: z.string(), sessionId: SessionId, account: Me })
export type SignedIn = z.infer<typeof SignedIn>

const Secret = z.string().min(1).max(200)

export const SignUp = z.strictObject({
  username: Username,
  password: Password,
  displayName: lineOf(nameCharsMax).optional(),
  name: lineOf(nameCharsMax).default(''),
  lastName: lineOf(nameCharsMax).default(''),
  deviceName: DeviceName.default('Unnamed device'),
  /** The secret of an invite link, or of the one-time link that the first start prints. */
  invite: Secret.optional(),
})
export type SignUp = z.infer<typeof SignUp>

export const SignIn = z.strictObject({
  username: z.string().min(1).max(usernameCharsMax),
  password: PasswordGiven,
  deviceName: DeviceName.default('Unnamed device'),
})
export type SignIn = z.infer<typeof SignIn>

export const ChangePassword = z.strictObject({ current: PasswordGiven, next: Password })
export type ChangePassword = z.infer<typeof ChangePassword>

export const UpdateProfile = z.strictObject(Profile.shape).partial()
export type UpdateProfile = z.infer<typeof UpdateProfile>

export const SessionRef = z.strictObject({ sessionId: SessionId })

export const AccountRef = z.strictObject({ accountId: AccountId })

/** People by username, a page at a time; `after` is the username that ended the last page. */
export const ListPeople = z.strictObject({
  after: z.string().max(usernameCharsMax).optional(),
  limit: pageLimit(pageItemsDefault, pageItemsMax),
})
export type ListPeople = z.infer<typeof ListPeople>

/** Accounts as operators see them; `words`: the beginnings of words of their names, in which case there is one page. */
export const ListAccounts = z.strictObject({
  ...ListPeople.shape,
  words: lineOf(searchCharsMax, 1).optional(),
})
export type ListAccounts = z.infer<typeof ListAccounts>

export const SearchPeople = z.strictObject({
  words: lineOf(searchCharsMax, 1),
  limit: pageLimit(pageItemsDefault, pageItemsMax),
})
export type SearchPeople = z.infer<typeof SearchPeople>

export const PeoplePage = z.strictObject({
  people: z.array(PersonWithPresence),
  /** Hand it back as `after`; null at the end. */
  next: z.string().nullable(),
})
export type PeoplePage = z.infer<typeof PeoplePage>

export const MakeBot = z.strictObject({
  username: Username,
  displayName: lineOf(nameCharsMax).optional(),
})
export type MakeBot = z.infer<typeof MakeBot>

export const MakeBotToken = z.strictObject({ accountId: AccountId, deviceName: DeviceName.default('Bot') })
export type MakeBotToken = z.infer<typeof MakeBotToken>

export const BotMade = z.strictObject({ account: Person, token: z.string(), sessionId: SessionId })
export type BotMade = z.infer<typeof BotMade>

// What an operator does

export const MakeAccount = z.strictObject({
  username: Username,
  displayName: lineOf(nameCharsMax).optional(),
  name: lineOf(nameCharsMax).default(''),
  lastName: lineOf(nameCharsMax).default(''),
  password: Password.optional(),
  /** Brought along from another system instead of a password. */
  passwordHash: BcryptHash.optional(),
  operator: z.boolean().default(false),
})
export type MakeAccount = z.infer<typeof MakeAccount>

export const ResetPassword = z.strictObject({ accountId: AccountId, password: Password })
export type ResetPassword = z.infer<typeof ResetPassword>

export const SetDisabled = z.strictObject({ accountId: AccountId, disabled: z.boolean() })
export type SetDisabled = z.infer<typeof SetDisabled>

export const MakeInviteLink = z.strictObject({
  uses: z.int().min(1).max(10_000).default(1),
  note: lineOf(nameCharsMax).default(''),
})
export type MakeInviteLink = z.infer<typeof MakeInviteLink>

export const InviteLink = z.strictObject({
  id: InviteLinkId,
  note: z.string(),
  usesLeft: z.int(),
  makesOperator: z.boolean(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
})
export type InviteLink = z.infer<typeof InviteLink>

/** The secret is shown this once. */
export const InviteLinkMade = z.strictObject({ link: InviteLink, secret: z.string() })
export type InviteLinkMade = z.infer<typeof InviteLinkMade>

export const InviteLinkRef = z.strictObject({ inviteLinkId: InviteLinkId })
