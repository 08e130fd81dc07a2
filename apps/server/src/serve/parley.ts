import type { Services } from '@parley/api/context'
import { refusalOf, toTRPCError } from '@parley/api/errors'
import { appRouter } from '@parley/api/root'
import { serveSocket } from '@parley/api/socket/server'
import type { SocketServer } from '@parley/api/socket/server'
import { makeSetupLink } from '@parley/chat/accounts/invite-links'
import { openChat } from '@parley/chat/chat'
import type { Chat } from '@parley/chat/chat'
import { type Clock, systemClock } from '@parley/chat/clock'
import { openBridge } from '@parley/chat/identity/bridge'
import { openOidc } from '@parley/chat/identity/oidc'
import { openDatabase } from '@parley/db/open'
import * as limits from '@parley/domain/limits'
import { ControlServer } from '../admin/control-server.ts'
import { hostApplication } from '../bridge/host-application.ts'
import { Files } from '../files/files.ts'
import { Addresses } from '../http/addresses.ts'
import { socketContext } from '../http/api-context.ts'
import { apiRoutes, type FailedCall } from '../http/api-routes.ts'
import { Listener } from '../http/listener.ts'
import { Origins } from '../http/origins.ts'
import { type Route, Routes } from '../http/routes.ts'
import { chatLog, type Log } from '../logs/log.ts'
import { oidcCallback, oidcCallbackPath } from '../oidc/callback.ts'
import { oidcIssuer } from '../oidc/issuer.ts'
import type { Settings } from '../settings/schema.ts'
import { version } from '../version.ts'
import { Closing } from './closing.ts'
import { type DataFolder, dataFolderAt } from './data-folder.ts'
import { takeFolder } from './folder-lock.ts'
import { gatewayRoutes } from './gateways.ts'
import { landingRoute } from './landing.ts'
import { Metrics } from './metrics.ts'
import { healthRoute, metricsRoute } from './operator-routes.ts'
import { WriteWatch } from './write-watch.ts'

/** Clients come back spread over this time, so that a server that was restarted is not run over. */
const reconnectHintMs = 5_000
/** How long requests under way may take when the server stops. */
const requestsFinishMs = 10_000

export interface ParleyOptions {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
}

/** A running server. */
export interface Parley extends AsyncDisposable {
  /** Where it listens. */
  readonly url: string
  readonly folder: DataFolder
  /** The secret that makes an operator of whoever signs up with it first; null when there are accounts. */
  readonly setupSecret: string | null
  readonly chat: Chat
  /**
   * Stops in order: nobody new comes in, clients are told to come back, calls under way finish, and what waits to be
   * written is. Resolves in bounded time. Calling it again waits for the same end.
   */
  close(): Promise<void>
}

/**
 * Starts a server: what fails on the way closes what was open before it.
 * @throws FolderInUse when another server has the data folder.
 */
export async function openParley({ settings, clock, log }: ParleyOptions): Promise<Parley> {
  const closing = new Closing(log)
  try {
    const folder = dataFolderAt(settings.data)
    const lock = takeFolder(folder)
    closing.add('lock', async () => lock.release())
    const db = await openDatabase(`sqlite:${folder.database}`, { pagesMax: settings.dataPagesMax })
    closing.add('database', () => db.close())
    const { signUp, rateFactor } = settings
    const chat = openChat({ db, clock, settings: { signUp, rateFactor }, log: chatLog(log) })
    closing.add('chat', () => chat.close())
    let url = ''
    const vouchers = vouchersOf({ settings, clock, log, url: () => settings.publicUrl ?? url })
    const services: Services = { chat, ...vouchers, info: infoOf(settings) }

    const origins = new Origins([...settings.allowedOrigins, ...originsOf(settings.publicUrl)])
    const addresses = new Addresses(settings.trustedProxies)
    const failures = new Failures(log)
    const sockets = serveSocket({
      router: appRouter,
      createContext: (options) => socketContext(services, options),
      allowedOrigins: (origin) => origins.isAllowed(origin),
      addressOf: (request) => addresses.of(request),
      toTRPCError,
      onError: (failure) => failures.note(failure),
      clock,
    })
    chat.delivery.onSessionEnded((sessionId) => sockets.endSession(sessionId))

    const files = await Files.open({
      chat,
      directory: folder.attachments,
      attachmentBytesMax: settings.attachmentBytesMax,
    })
    const routes = new Routes([
      ...apiRoutes(services, sockets, (failed) => failures.note(failed)),
      filesRoute(files),
      ...(services.oidc ? [oidcCallback(chat, services.oidc)] : []),
      ...gatewayRoutes(settings.gateways, {
        services,
        log,
        allowsOrigin: (origin) => origins.isAllowed(origin),
      }),
      ...operatorRoutes({ settings, chat, sockets, files, clock, closing, failures }),
      landingRoute(settings.serverName),
    ])
    const listener = new Listener({ routes, origins, log, addresses })
    closing.add('connections', () => endConnections({ listener, sockets, routes, chat }))
    const setupSecret = await makeSetupLink(chat)
    url = await listener.listen(settings.host, settings.port)
    const control = await ControlServer.open({ folder, chat, log, url: settings.publicUrl ?? url })
    closing.add('control', () => control[Symbol.asyncDispose]())
    for (const origin of originsOf(url)) origins.allow(origin)
    log('info', 'listening', {
      port: Number(new URL(url).port),
      folder: folder.path,
      version,
      pid: process.pid,
    })
    return {
      url,
      folder,
      setupSecret,
      chat,
      close: () => closing.close(),
      [Symbol.asyncDispose]: () => closing.close(),
    }
  } catch (error) {
    await closing.close()
    throw error
  }
}

/** Other systems that say who somebody is, as far as the operator has named any. */
function vouchersOf(options: {
  settings: Settings
  clock: Clock
  log: Log
  url: () => string
}): Pick<Services, 'oidc' | 'bridge'> {
  const { clock, settings } = options
  const log = chatLog(options.log)
  const { issuer, clientId, clientSecret, label, scopes } = settings.oidc
  const { verifyUrl } = settings.bridge
  const callbackUrl = () => new URL(oidcCallbackPath, options.url()).href
  return {
    oidc:
      issuer !== undefined && clientId !== undefined
        ? openOidc(
            clock,
            oidcIssuer({ issuer, clientId, clientSecret, label, scopes, callbackUrl, clock, log }),
          )
        : null,
    bridge: verifyUrl === undefined ? null : openBridge(clock, hostApplication({ verifyUrl, log })),
  }
}

/** Uploads take their time, and see to it themselves that they do not take for ever. */
const filesRoute = (files: Files): Route => ({
  path: files.path,
  cors: files.cors,
  boundsItsTime: true,
  handleRequest: (request, response, visit) => files.handleRequest(request, response, visit),
  close: () => files.close(),
})

interface Watched {
  readonly settings: Settings
  readonly chat: Chat
  readonly sockets: SocketServer
  readonly files: Files
  readonly clock: Clock
  readonly closing: Closing
  readonly failures: Failures
}

function operatorRoutes({ settings, chat, sockets, files, clock, closing, failures }: Watched): Route[] {
  const writes = new WriteWatch(chat.db, clock)
  closing.add('write watch', async () => writes[Symbol.dispose]())
  const metrics = new Metrics({ chat, sockets, writes, files })
  closing.add('metrics', async () => metrics[Symbol.dispose]())
  failures.count = (kind, path) => metrics.refused(kind, path)
  return [
    healthRoute({ chat, writes, isStopping: () => closing.hasBegun }),
    metricsRoute(metrics, settings.metricsToken),
  ]
}

/** Counts the calls that were refused, and logs those that failed: the second are defects of ours. */
class Failures {
  count: (kind: string, path: string) => void = () => {}
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  note({ error, path, type }: FailedCall): void {
    const refusal = refusalOf(error)
    // Only the router's own paths: what callers make up would fill the memory with labels.
    const known = path !== undefined && path in appRouter._def.procedures ? path : 'unknown'
    this.count(refusal?.kind ?? error.code, known)
    if (refusal !== null || error.code !== 'INTERNAL_SERVER_ERROR') return
    this.#log('error', 'call-failed', { path: known, type, error: error.cause ?? error })
  }
}

interface Connected {
  readonly listener: Listener
  readonly sockets: SocketServer
  readonly routes: Routes
  readonly chat: Chat
}

/** Who is connected learns that the server stops, gets the answers that are under way, and is let go. */
async function endConnections({ listener, sockets, routes, chat }: Connected): Promise<void> {
  listener.refuseNew()
  await Promise.all([sockets.close({ reconnectHintMs }), ...routes.all.map((route) => route.close?.())])
  // Streams over plain HTTP end by this; those of sockets have ended.
  chat.delivery.close()
  using _ = systemClock.after(requestsFinishMs, () => listener.cutOff())
  await listener.close()
}

const originsOf = (url: string | undefined) => (url === undefined ? [] : [new URL(url).origin])

function infoOf(settings: Settings): Services['info'] {
  return {
    name: settings.serverName,
    version,
    signUp: settings.signUp,
    signIn: {
      oidc: settings.oidc.issuer === undefined ? null : { label: settings.oidc.label },
      bridge: settings.bridge.verifyUrl !== undefined,
    },
    limits: {
      messageTextChars: limits.messageTextCharsMax,
      attachmentBytes: settings.attachmentBytesMax,
      attachmentsPerMessage: limits.attachmentsPerMessageMax,
      pageItems: limits.pageItemsMax,
    },
  }
}
