import { systemClock } from '@parley/chat/clock'
import { openLog } from '../logs/log.ts'
import type { Log } from '../logs/log.ts'
import { standardError } from '../logs/standard-error.ts'
import { openParley } from '../serve/parley.ts'
import type { Parley } from '../serve/parley.ts'
import type { Settings } from '../settings/schema.ts'
import { type Command, type ExitCode, exitCodes } from './command.ts'
import type { Terminal } from './terminal.ts'

/** However much there is to finish: after this the process ends. What was acknowledged is on disk either way. */
const stopMsMax = 20_000

export const serveCommand: Command = {
  words: ['serve'],
  about:
    'Runs the server. The first line on standard output ends in its address. SIGTERM and SIGINT stop it in order; the second of them stops it at once.',
  async run(call) {
    const settings = call.settings()
    const log = openLog(settings, standardError())
    const ended = untilEnd(log)
    const parley = await openParley({ settings, clock: systemClock, log })
    greet(call.terminal, parley, settings)
    const code = await ended.asked
    await parley.close()
    log('info', 'stopped')
    log.flush()
    return code
  },
}

function greet(terminal: Terminal, { url, folder, setupSecret }: Parley, settings: Settings): void {
  terminal.print(`Parley listens at ${url}`)
  terminal.print(`Its data is in ${folder.path}`)
  if (setupSecret !== null) {
    terminal.print('There is no account yet. Who signs up with this one-time link becomes the operator:')
    terminal.print(`  ${inviteLink(settings.publicUrl ?? url, setupSecret)}`)
    terminal.print('Or make the first account here, in another terminal:')
    terminal.print(`  parley admin accounts make NAME --operator --data ${folder.path}`)
  } else if (settings.signUp === 'invite') {
    terminal.print(`To let somebody in: parley admin invite-links make --data ${folder.path}`)
  }
}

/** What a client takes apart again: the server's address, and the secret, which browsers send to nobody. */
export const inviteLink = (url: string, secret: string) => `${url.replace(/\/$/, '')}/#invite=${secret}`

/**
 * Why the server is to end: with 0 by a signal, with 1 by a defect that nobody caught. After such a defect nothing
 * that the process holds in memory can be trusted, so it does not go on; a service manager starts it again.
 */
function untilEnd(log: Log): { asked: Promise<ExitCode> } {
  const { promise, resolve } = Promise.withResolvers<ExitCode>()
  let ending = false
  const end = (code: ExitCode) => {
    ending = true
    setTimeout(() => leave(log, exitCodes.failed), stopMsMax).unref()
    resolve(code)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (ending) return leave(log, exitCodes.failed)
      log('info', 'stopping', { signal })
      end(exitCodes.done)
    })
  }
  process.on('uncaughtException', (error) => {
    log('error', 'uncaught', { error })
    log.flush()
    if (!ending) end(exitCodes.failed)
  })
  return { asked: promise }
}

function leave(log: Log, code: ExitCode): never {
  log.flush()
  process.exit(code)
}
