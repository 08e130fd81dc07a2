import type { Action } from '../live/queries.ts'

/** How people and conversations are called in a sentence. */
export interface Names {
  readonly person: (id: string) => string
  readonly conversation: (id: string) => string
}

const quotedCharsMax = 40

/** What somebody wanted to do, as one says it: "Rename Garden to Gardens". */
export function wishWords(action: Action, names: Names): string {
  return 'conversationId' in action ? wishWithin(action, names) : wishOutside(action, names)
}

type Within = Extract<Action, { readonly conversationId: unknown }>
type Outside = Exclude<Action, Within>

function wishWithin(action: Within, names: Names): string {
  const where = names.conversation(action.conversationId)
  switch (action.kind) {
    case 'send':
      return `Send ${quoted(action.content.text)} to ${where}`
    case 'edit':
      return `Change a message in ${where} to ${quoted(action.content.text)}`
    case 'delete':
      return `Delete a message in ${where}`
    case 'react':
      return action.on ? `React with ${action.emoji} in ${where}` : `Take ${action.emoji} back in ${where}`
    case 'mark-read':
      return `Mark ${where} as read`
    case 'rename':
      return `Rename ${where} to ${action.name}`
    case 'describe':
      return `Change the description of ${where}`
    case 'set-join-policy':
      return `Change who gets into ${where}`
    case 'turn-sealed':
      return `Encrypt ${where}`
    case 'set-history':
      return `Change what newcomers read in ${where}`
    case 'close':
      return `Close ${where}`
    case 'join':
      return `Join ${where}`
    case 'leave':
      return `Leave ${where}`
    case 'ask-to-join':
      return `Ask to join ${where}`
    case 'cancel-join-request':
      return `Take back the request to join ${where}`
    case 'add-members':
      return `Add ${listed(action.accountIds.map(names.person))} to ${where}`
    default:
      return wishAboutMember(action, where, names.person(action.accountId))
  }
}

type AboutMember = Extract<Within, { readonly accountId: unknown }>

function wishAboutMember(action: AboutMember, where: string, who: string): string {
  switch (action.kind) {
    case 'remove-member':
      return `Remove ${who} from ${where}`
    case 'set-role':
      return action.role === 'admin' ? `Make ${who} an admin of ${where}` : `Make ${who} a member of ${where}`
    case 'hand-over':
      return `Hand ${where} over to ${who}`
    case 'approve-join':
      return `Let ${who} into ${where}`
    case 'decline-join':
      return `Decline ${who}’s request to join ${where}`
  }
}

function wishOutside(action: Outside, names: Names): string {
  switch (action.kind) {
    case 'make-group':
      return `Make the group ${action.name}${encryptedIf(action)}`
    case 'open-direct':
      return `Talk to ${names.person(action.accountId)}${encryptedIf(action)}`
    case 'invite':
      return `Invite ${names.person(action.accountId)} to talk`
    case 'withdraw-invitation':
      return `Take back the invitation to ${names.person(action.accountId)}`
    case 'accept-invitation':
      return `Accept ${names.person(action.fromId)}’s invitation${encryptedIf(action)}`
    case 'decline-invitation':
      return `Decline ${names.person(action.fromId)}’s invitation`
    case 'update-profile':
      return 'Change your profile'
  }
}

const encryptedIf = ({ sealed }: { readonly sealed?: boolean | undefined }) => (sealed ? ', encrypted' : '')

interface Accepted {
  readonly sealed: boolean
  readonly isOnline: boolean
}

/** What is said when an invitation was accepted. Without a connection nobody has heard of it yet. */
export function acceptedWords(who: string, { sealed, isOnline }: Accepted): string {
  if (!isOnline) return `Accepted. ${who} hears of it when there is a connection.`
  return sealed ? `You and ${who} can talk now, encrypted.` : `You and ${who} can talk now.`
}

/** "Ada", "Ada and Grace", "Ada, Grace and 3 others". */
export function listed(names: readonly string[]): string {
  const [first = 'nobody', second, ...rest] = names
  if (second === undefined) return first
  if (rest.length === 0) return `${first} and ${second}`
  return `${first}, ${second} and ${rest.length === 1 ? rest.join('') : `${String(rest.length)} others`}`
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

function quoted(text: string): string {
  const [line = ''] = text.trim().split('\n', 1)
  if (line === '') return 'a file'
  const cut = [...segmenter.segment(line)].at(quotedCharsMax)?.index
  return cut === undefined ? `“${line}”` : `“${line.slice(0, cut).trimEnd()}…”`
}
