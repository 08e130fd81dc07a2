import type { Services } from '@parley/api/context'
import type { Chat } from '@parley/chat/chat'
import { openBridge } from '@parley/chat/identity/bridge'
import { openOidc } from '@parley/chat/identity/oidc'
import * as limits from '@parley/domain/limits'
import { hostApplication } from '../bridge/host-application.ts'
import { chatLog, type Log } from '../logs/log.ts'
import { oidcCallbackUrl } from '../oidc/callback.ts'
import { oidcIssuer } from '../oidc/issuer.ts'
import type { Settings } from '../settings/schema.ts'
import { version } from '../version.ts'

/**
 * What the router stands on: the chat, and the other systems that say who somebody is, as far as the operator has
 * named any.
 * @param options.url where people reach the server; asked when somebody signs in, as the port is not known before.
 */
export function servicesOf(options: {
  chat: Chat
  settings: Settings
  log: Log
  url: () => string
}): Services {
  const { chat, settings } = options
  const log = chatLog(options.log)
  const { clock } = chat
  const { issuer, clientId, clientSecret, label, scopes } = settings.oidc
  const { verifyUrl } = settings.bridge
  const callbackUrl = () => oidcCallbackUrl(options.url())
  const oidc =
    issuer !== undefined && clientId !== undefined
      ? openOidc(
          clock,
          oidcIssuer({ issuer, clientId, clientSecret, label, scopes, callbackUrl, clock, log }),
        )
      : null
  const bridge = verifyUrl === undefined ? null : openBridge(clock, hostApplication({ verifyUrl, log }))
  return {
    chat,
    oidc,
    bridge,
    info: {
      name: settings.serverName,
      version,
      signUp: settings.signUp,
      signIn: { password: settings.passwords === 'on', oidc: oidc && { label }, bridge: bridge !== null },
      limits: {
        messageTextChars: limits.messageTextCharsMax,
        attachmentBytes: Math.min(settings.attachmentBytesMax, limits.attachmentBytesMax),
        attachmentsPerMessage: limits.attachmentsPerMessageMax,
        pageItems: limits.pageItemsMax,
        typingMs: limits.typingTtlMs,
      },
    },
  }
}
