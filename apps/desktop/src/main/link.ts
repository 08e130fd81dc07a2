import { ConversationId, MessageId } from '@parley/domain/ids'
import { z } from 'zod'

export const linkScheme = 'parley'
export const linkCharsMax = 2_000

/** Of a server, or of an encrypted group: there it is two parts with a dot between. */
const secret = z.string().regex(/^[A-Za-z0-9_-]{1,100}(\.[A-Za-z0-9_-]{1,100})?$/)

/** Names and addresses that mean nothing outside of a house: what is said there may go without encryption. */
const inHouse =
  /^(localhost|[^.]+|.+\.(local|internal|home\.arpa)|127(\.\d+){3}|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|\[::1\])$/

/** The address of a server, as a person would type it; http is for servers in the same house alone. */
const Server = z
  .string()
  .max(500)
  .transform((address, issues) => {
    const url = URL.parse(address)
    const plain = url && !url.username && !url.password && !url.search && !url.hash
    if (plain && (url.protocol === 'https:' || (url.protocol === 'http:' && inHouse.test(url.hostname)))) {
      return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
    }
    issues.addIssue('must be the https address of a server')
    return z.NEVER
  })

/** `parley://open?conversation=c…&message=12&server=https://…` shows a conversation, at a message. */
const OpenLink = z.strictObject({
  server: Server.optional(),
  conversation: ConversationId,
  message: z
    .string()
    .regex(/^[1-9]\d{0,15}$/)
    .transform(Number)
    .pipe(MessageId)
    .optional(),
})

/**
 * `parley://join?server=https://…#secret` is an invitation: to a server, or with `conversation=c…` to a group there.
 * The secret stands behind the `#`, so that it reaches no server by itself.
 */
const JoinLink = z.strictObject({
  server: Server,
  conversation: ConversationId.optional(),
  secret,
})

/** `parley://signed-in` brings the app to the front, when a browser is done with an OpenID Connect provider. */
const SignedInLink = z.strictObject({})

export type Link =
  | { readonly kind: 'signed-in' }
  | {
      readonly kind: 'open-message'
      readonly server: string | null
      readonly conversationId: ConversationId
      readonly messageId: MessageId | null
    }
  | {
      readonly kind: 'join'
      readonly server: string
      readonly conversationId: ConversationId | null
      readonly secret: string
    }

/**
 * Reads a link that anybody may have written, a web page among them.
 *
 * @returns null for whatever is not exactly one of the links above: an unknown or repeated parameter too.
 */
export function parseLink(text: string): Link | null {
  if (text.length > linkCharsMax) return null
  const url = URL.parse(text)
  if (url?.protocol !== `${linkScheme}:` || url.username || url.password || url.port) return null
  // Windows and some desktops put a slash behind the host.
  if (url.pathname !== '' && url.pathname !== '/') return null
  const parameters = [...url.searchParams]
  const given: Record<string, string> = Object.fromEntries(parameters)
  if (Object.keys(given).length !== parameters.length) return null
  const fragment = url.hash.slice(1)
  if (url.host === 'join') return joinLink({ ...given, secret: fragment }, 'secret' in given)
  if (fragment) return null
  if (url.host === 'open') return openLink(given)
  return url.host === 'signed-in' && SignedInLink.safeParse(given).success ? { kind: 'signed-in' } : null
}

function joinLink(given: unknown, secretIsParameter: boolean): Link | null {
  const link = JoinLink.safeParse(given).data
  if (!link || secretIsParameter) return null
  const { server, conversation, secret: behindHash } = link
  return { kind: 'join', server, conversationId: conversation ?? null, secret: behindHash }
}

function openLink(given: unknown): Link | null {
  const link = OpenLink.safeParse(given).data
  if (!link) return null
  const { server, conversation, message } = link
  return {
    kind: 'open-message',
    server: server ?? null,
    conversationId: conversation,
    messageId: message ?? null,
  }
}

/** The link among the arguments of a command line, where Windows and Linux put it. */
export function linkAmong(args: readonly string[]): Link | null {
  const text = args.findLast((arg) => arg.startsWith(`${linkScheme}:`))
  return text === undefined ? null : parseLink(text)
}
