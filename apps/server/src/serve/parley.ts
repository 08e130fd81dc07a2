import { toTRPCError } from '@parley/api/errors'
import { appRouter, lastCalls } from '@parley/api/root'
import { serveSocket } from '@parley/api/socket/server'
import type { SocketServer } from '@parley/api/socket/server'
import { makeSetupLink } from '@parley/chat/accounts/invite-links'
import { openChat } from '@parley/chat/chat'
import type { Chat } from '@parley/chat/chat'
import { type Clock, systemClock } from '@parley/chat/clock'
import { openDatabase } from '@parley/db/open'
import { ControlServer } from '../admin/control-server.ts'
import { Files } from '../files/files.ts'
import { Addresses } from '../http/addresses.ts'
import { socketContext } from '../http/api-context.ts'
import { apiRoutes } from '../http/api-routes.ts'
import { Listener } from '../http/listener.ts'
import { Origins } from '../http/origins.ts'
import { type Route, Routes } from '../http/routes.ts'
import { chatLog, type Log } from '../logs/log.ts'
import { oidcCallback } from '../oidc/callback.ts'
import type { Settings } from '../settings/schema.ts'
import { version } from '../version.ts'
import { Closing } from './closing.ts'
import { type DataFolder, dataFolderAt, makeDataFolder } from './data-folder.ts'
import { takeFolder } from './folder-lock.ts'
import { gatewayRoutes } from './gateways.ts'
import { landingRoute } from './landing.ts'
import { Meters } from './meters.ts'
import { Metrics } from './metrics.ts'
import { healthRoute, metricsRoute } from './operator-routes.ts'
import { giveReserve, leftBesideServerBytes, takeReserve } from './reserve.ts'
import { servicesOf } from './services.ts'
import { timedWrites } from './timed-writes.ts'
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

/** What every part of the server is given. */
interface Frame extends ParleyOptions {
  readonly folder: DataFolder
  readonly closing: Closing
  readonly meters: Meters
}

/**
 * Starts a server: what fails on the way closes what was open before it.
 * @throws FolderInUse when another server has the data folder.
 */
export async function openParley(options: ParleyOptions): Promise<Parley> {
  const { settings, log } = options
  const closing = new Closing(log)
  const folder = dataFolderAt(settings.data)
  const frame = { ...options, folder, closing, meters: new Meters(log) }
  try {
    const chat = await openData(frame)
    const url = await openDoors(frame, chat)
    const control = await ControlServer.open({ folder, chat, log, url: settings.publicUrl ?? url })
    closing.add('control', () => control[Symbol.asyncDispose]())
    takeReserve(folder, leftBesideServerBytes)
    const setupSecret = await makeSetupLink(chat)
    log('info', 'listening', {
      port: Number(new URL(url).port),
      folder: folder.path,
      version,
      pid: process.pid,
    })
    const close = () => closing.close()
    return { url, folder, setupSecret, chat, close, [Symbol.asyncDispose]: close }
  } catch (error) {
    await closing.close()
    throw error
  }
}

async function openData({ settings, clock, log, folder, closing, meters }: Frame): Promise<Chat> {
  makeDataFolder(folder)
  const lock = takeFolder(folder)
  closing.add('lock', async () => lock.release())
  giveReserve(folder)
  closing.add('reserve', async () => takeReserve(folder, 0))
  const stored = await openDatabase(`sqlite:${folder.database}`, { pagesMax: settings.dataPagesMax })
  closing.add('database', () => stored.close())
  if (stored.restored !== null) log('warn', 'restored', { folder: folder.path, reason: stored.restored })
  const db = timedWrites(stored, (seconds) => meters.wrote(seconds))
  const { signUp, passwords, rateFactor } = settings
  const chat = openChat({ db, clock, settings: { signUp, passwords, rateFactor }, log: chatLog(log) })
  closing.add('chat', () => chat.close())
  return chat
}

/** Opens everything that listens. @returns the address. */
async function openDoors(frame: Frame, chat: Chat): Promise<string> {
  const { settings, clock, log, folder, closing, meters } = frame
  const origins = new Origins([...settings.allowedOrigins, ...originsOf(settings.publicUrl)])
  const addresses = new Addresses(settings.trustedProxies)
  let url = ''
  const services = servicesOf({ chat, settings, log, url: () => settings.publicUrl ?? url })
  const sockets = serveSocket({
    router: appRouter,
    lastCalls,
    createContext: (options) => socketContext(services, options),
    allowedOrigins: (origin) => origins.isAllowed(origin),
    addressOf: (request) => addresses.of(request),
    toTRPCError,
    onError: (failure) => meters.failed(failure),
    clock,
  })
  chat.delivery.onSessionEnded((sessionId) => sockets.endSession(sessionId))
  const { attachmentBytesMax } = settings
  const files = await Files.open({ chat, directory: folder.attachments, attachmentBytesMax })
  const allowsOrigin = (origin: string) => origins.isAllowed(origin)
  const routes = new Routes([
    ...apiRoutes(services, sockets, (failed) => meters.failed(failed)),
    filesRoute(files),
    ...(services.oidc ? [oidcCallback(chat, services.oidc)] : []),
    ...gatewayRoutes(settings.gateways, {
      services,
      sockets,
      allowsOrigin,
      isSecure: settings.publicUrl?.startsWith('https:') ?? false,
    }),
    ...operatorRoutes(frame, { chat, sockets, files }),
    landingRoute(settings.serverName),
  ])
  const listener = new Listener({ routes, origins, log, addresses })
  closing.add('connections', () => endConnections({ listener, sockets, routes, chat }))
  url = await listener.listen(settings.host, settings.port)
  for (const origin of originsOf(url)) origins.allow(origin)
  return url
}

interface Watched {
  readonly chat: Chat
  readonly sockets: SocketServer
  readonly files: Files
}

function operatorRoutes({ settings, clock, closing, meters }: Frame, watched: Watched): Route[] {
  const writes = new WriteWatch(watched.chat.db, clock)
  closing.add('write watch', async () => writes[Symbol.dispose]())
  const metrics = new Metrics({ ...watched, writes })
  closing.add('metrics', async () => metrics[Symbol.dispose]())
  meters.metrics = metrics
  return [
    healthRoute({ chat: watched.chat, writes, isStopping: () => closing.hasBegun }),
    metricsRoute(metrics, settings.metricsToken),
  ]
}

/** Uploads take their time, and see to it themselves that they do not take for ever. */
const filesRoute = (files: Files): Route => ({
  path: files.path,
  cors: files.cors,
  boundsItsTime: true,
  handleRequest: (request, response, visit) => files.handleRequest(request, response, visit),
  close: () => files.close(),
})

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
