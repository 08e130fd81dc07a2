import { type UtilityProcess, utilityProcess, MessageChannelMain, type MessagePortMain } from 'electron'
import type { Log } from '../log.ts'
import { engineCloseMsMax, type ToEngine } from './messages.ts'
import { RestartWaits } from './restart-waits.ts'

interface EngineHostOptions {
  /** The engine's bundle. */
  readonly script: string
  /** Where it keeps its files. */
  readonly folder: string
  readonly appVersion: string
  readonly log: Log
  /** Takes the desk's end of the port on which the engine calls it. */
  readonly serveDesk: (port: MessagePortMain) => void
  /** An engine was started: windows need ports to it. */
  readonly onStarted: () => void
}

/** Runs the engine's process, and starts it again when it ends without having been asked to. */
export class EngineHost {
  readonly #options: EngineHostOptions
  readonly #waits = new RestartWaits()
  #process: UtilityProcess | null = null
  #startedAt = 0
  #restart: NodeJS.Timeout | undefined
  #closing: Promise<void> | null = null

  constructor(options: EngineHostOptions) {
    this.#options = options
  }

  start(): void {
    const { script, folder, appVersion, log, serveDesk, onStarted } = this.#options
    const engine = utilityProcess.fork(script, [], { serviceName: 'Parley engine', stdio: 'pipe' })
    this.#process = engine
    this.#startedAt = performance.now()
    engine.stdout?.on('data', (bytes: Buffer) => this.#passOn('engine-says', bytes))
    engine.stderr?.on('data', (bytes: Buffer) => this.#passOn('engine-warns', bytes))
    engine.on('error', (type, location) => log.error('engine-failed', null, { type, location }))
    engine.once('exit', (code) => this.#exited(engine, code))
    const { port1, port2 } = new MessageChannelMain()
    serveDesk(port1)
    this.#tell(engine, { kind: 'start', folder, appVersion }, [port2])
    log.info('engine-started')
    onStarted()
  }

  /** Takes the far end of a window's port. The port closes at once while there is no engine. */
  connect(port: MessagePortMain): void {
    if (this.#process) this.#tell(this.#process, { kind: 'window' }, [port])
    else port.close()
  }

  retryNow(): void {
    if (this.#process) this.#tell(this.#process, { kind: 'retry' })
  }

  /** Asks the engine to close, and ends it when it takes too long. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    clearTimeout(this.#restart)
    const engine = this.#process
    if (!engine) return
    const exited = new Promise<void>((resolve) => engine.once('exit', () => resolve()))
    this.#tell(engine, { kind: 'close' })
    const tooLate = setTimeout(() => {
      this.#options.log.error('engine-did-not-close', null)
      // What hangs does not hear a request to end; stores survive a process that is ended anyhow.
      if (engine.pid !== undefined) process.kill(engine.pid, 'SIGKILL')
    }, engineCloseMsMax)
    await exited
    clearTimeout(tooLate)
  }

  #exited(engine: UtilityProcess, code: number): void {
    if (this.#process === engine) this.#process = null
    if (this.#closing) return
    const livedMs = performance.now() - this.#startedAt
    const waitMs = this.#waits.next(livedMs)
    this.#options.log.error('engine-ended', null, { code, livedMs: Math.round(livedMs), waitMs })
    this.#restart = setTimeout(() => this.start(), waitMs)
  }

  #tell(engine: UtilityProcess, message: ToEngine, ports: MessagePortMain[] = []): void {
    engine.postMessage(message, ports)
  }

  /** The engine's own log is its matter; what comes this way is what Node says of a defect. */
  #passOn(event: string, bytes: Buffer): void {
    const text = bytes.toString('utf8').trim()
    if (text) this.#options.log.info(event, { text: text.slice(0, 4_000) })
  }
}
