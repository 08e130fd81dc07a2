import { ConversationId, MessageId } from '@parley/domain/ids'
import { z } from 'zod'

export const linkScheme = 'parley'
export const linkCharsMax = 2_000

const secret = z.string().regex(/^[A-Za-z0-9_-]{1,200}$/)

/** A server is named by its origin: https, or http where it is on this machine. */
const Server = z
  .url()
  .max(500)
  .refine((address) => {
    const url = URL.parse(address)
    if (!url || url.username || url.password || url.search || url.hash || url.pathname !== '/') return false
    if (url.protocol === 'https:') return true
    return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  }, 'must be the https address of a server')
  .transform((address) => new URL(address).origin)

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

/** `parley://signed-in?code=…` is how a browser comes back from an OpenID Connect provider. */
const SignedInLink = z.strictObject({ code: z.string().regex(/^[\x21-\x7e]{1,200}$/) })

export type Link =
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
  | { readonly kind: 'signed-in'; readonly code: string }

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
  if (url.host === 'signed-in') {
    const link = SignedInLink.safeParse(given).data
    return link ? { kind: 'signed-in', code: link.code } : null
  }
  return null
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
