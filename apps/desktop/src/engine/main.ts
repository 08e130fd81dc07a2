import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { prepareToOpen } from '@parley/sync/engine'
import { z } from 'zod'
import type { DeskRouter } from '../main/desk.ts'
import { Caller, clientOver } from '../ports/caller.ts'
import { portOfMain } from '../ports/port.ts'
import { serve } from '../ports/serve.ts'
import { deskOver } from './desk-over-port.ts'
import { Host } from './host.ts'
import { noticesOver } from './notices-over-port.ts'
import { Notifying } from './notifying.ts'
import { engineRouter } from './router.ts'
import { knownTrouble } from './trpc.ts'
import { WhenQuiet } from './when-quiet.ts'

/** `ToEngine` of the main process, which says what each means. */
const FromMain = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), folder: z.string() }),
  z.object({ kind: z.literal('window') }),
  z.object({ kind: z.literal('retry') }),
  z.object({ kind: z.literal('close') }),
])

/** By name and place: a message may hold what somebody wrote. */
const log = (error: unknown) => {
  const frames = error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : []
  const name = error instanceof Error ? error.name : typeof error
  console.error(JSON.stringify({ level: 'error', event: 'defect', error: name, stack: frames?.join('\n') }))
}

/** Only what takes time and is seldom done. */
const logOpened = (ms: number) =>
  console.log(JSON.stringify({ level: 'info', event: 'store-opened', ms: Math.round(ms) }))

const troubleOf = (error: unknown) => {
  const known = knownTrouble(error)
  if (known) return known
  log(error)
  return { kind: 'defect', message: 'Something went wrong in the app; its log has the details.' }
}

const desk = new Caller()
const whenQuiet = new WhenQuiet()
let host: Host | null = null
let started: Promise<void> | null = null

const begin = async (folder: string): Promise<void> => {
  const toDesk = clientOver<DeskRouter>(desk)
  host = new Host({
    folder,
    desk: deskOver(toDesk),
    onDefect: log,
    onOpened: logOpened,
    prepareToOpen: prepare,
  })
  const notifying = new Notifying(host, noticesOver(toDesk, log))
  await host.start()
  notifying.follow()
  if (host.isOpen) setImmediate(trustSystem)
  else
    whenQuiet.do(() => {
      prepare()
      trustSystem()
    })
}

function prepare(): void {
  prepareToOpen()
  prepareToConnect()
}

/** Node compiles its WebSocket when it is named for the first time, which takes longer than opening a store. */
function prepareToConnect(): void {
  Reflect.get(globalThis, 'WebSocket')
}

/**
 * Servers of companies often have certificates of a company's own authority, which its computers know. Reading these takes
 * long enough to wait until the store is open, or until the window has what it shows while there is none; a connection that was
 * refused meanwhile is tried again.
 */
function trustSystem(): void {
  try {
    setDefaultCACertificates([...getCACertificates('bundled'), ...getCACertificates('system')])
  } catch (error) {
    log(error)
  }
}

process.parentPort.on('message', ({ data, ports }) => {
  const message = FromMain.parse(data)
  const [port] = ports
  switch (message.kind) {
    case 'start':
      if (port) desk.attach(portOfMain(port))
      started = begin(message.folder)
      return
    case 'window':
      void started?.then(() => {
        if (port && host)
          serve(whenQuiet.over(portOfMain(port)), { router: engineRouter, context: { host }, troubleOf })
      })
      return
    case 'retry':
      host?.retryNow()
      return
    case 'close':
      void (host?.[Symbol.asyncDispose]() ?? Promise.resolve()).finally(() => process.exit(0))
  }
})
