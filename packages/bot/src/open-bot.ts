import { connect } from '@parley/client/connect'
import { type Engine, openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import { Bot } from './bot.ts'
import { BotError, botError, problemError } from './bot-error.ts'
import { type Folder, openFolder } from './folder.ts'
import { Ledger } from './ledger.ts'
import { openWaitMs } from './limits.ts'
import { type Credentials, tokenFor } from './session.ts'

export interface BotOptions extends Credentials {
  /**
   * Where the bot keeps its keys, what it has seen and what it has still to say. It is made where it is not there, and
   * belongs to one process. Without it the bot is another device.
   */
  readonly folder: string
  /** 32 bytes that encrypt the folder. Without it a key is made, and kept in the folder. */
  readonly key?: Uint8Array | undefined
  /** Takes this device in where the account has others; not looked at when it is in. */
  readonly recoveryCode?: string | undefined
  /** The code that another device of the account shows: the same for once. */
  readonly linkCode?: string | undefined
  /** Where neither is there: begins a new identity, which an admin has to let into each sealed group again. */
  readonly beginAgain?: boolean | undefined
  /**
   * How long a message that cannot be opened yet holds up those of its conversation that follow, in milliseconds; then it
   * is handed over once it opens, as a `late` one. 10 seconds unless given.
   */
  readonly openWaitMs?: number | undefined
  /** Told of what nobody waits for: refusals, handlers that failed, defects. `console.error` unless given. */
  readonly onDefect?: ((error: unknown) => void) | undefined
  /** Ends the opening, which otherwise waits for a server that cannot be reached. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a bot. Resolves when it is signed in, has come up with what was said, and is a device of its account; in an empty
 * folder it hands over what is said from then on.
 * @throws BotError `folder-in-use`, `wrong-key`, `other-account`, `not-linked`, `signed-out` for a token that is none,
 * `wrong-credentials`, `account-disabled`, `not-understood` where there is no Parley, `aborted`
 */
export async function openBot(options: BotOptions): Promise<Bot> {
  const { onDefect = (error: unknown) => console.error(error) } = options
  await using opening = new AsyncDisposableStack()
  try {
    const folder = await openFolder(options.folder, options.key)
    const ledger = opening.use(new Ledger(folder.ledger, folder.key))
    const token = await tokenFor(options, ledger, options.signal)
    const engine = opening.use(engineIn(folder, { url: options.server, token, onDefect }))
    await ready(engine, options)
    const bot = new Bot({ engine, ledger, onDefect, openWaitMs: options.openWaitMs ?? openWaitMs })
    opening.move()
    return bot
  } catch (error) {
    throw botError(error)
  }
}

function engineIn(
  { store, key }: Folder,
  { onDefect, ...where }: { url: string | URL; token: string; onDefect: (error: unknown) => void },
): Engine {
  return openEngine({
    path: store,
    key,
    deviceKind: 'bot',
    connect: (onState) => serverOver(connect({ ...where, onState })),
    onDefect,
  })
}

async function ready(
  engine: Engine,
  { recoveryCode, linkCode, beginAgain, signal }: BotOptions,
): Promise<void> {
  await until(engine, signal, () => {
    const connection = engine.connection()
    return connection.kind === 'online' && connection.caughtUp && engine.encryption().kind !== 'unknown'
  })
  if (engine.encryption().kind === 'ready') return
  if (recoveryCode !== undefined) await engine.recoverWith(recoveryCode)
  else if (linkCode !== undefined) await engine.enterLinkCode(linkCode)
  else if (beginAgain) await engine.beginAgain()
  else
    throw new BotError(
      'not-linked',
      'The account has devices, and this is none of them: the recovery code or a link code takes it in, or it begins again.',
    )
  await until(engine, signal, () => engine.encryption().kind === 'ready')
}

/** @throws BotError for which the server refuses the session; `aborted` */
function until(engine: Engine, signal: AbortSignal | undefined, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      listening[Symbol.dispose]()
      signal?.removeEventListener('abort', aborted)
    }
    const aborted = () => {
      end()
      reject(new BotError('aborted', 'The signal was aborted.', { cause: signal?.reason }))
    }
    const look = () => {
      const connection = engine.connection()
      if (connection.kind === 'refused') {
        end()
        reject(problemError(connection.problem))
      } else if (holds()) {
        end()
        resolve()
      }
    }
    const listening = engine.onChange(look)
    signal?.addEventListener('abort', aborted)
    if (signal?.aborted) aborted()
    else look()
  })
}
