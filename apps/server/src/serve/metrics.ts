import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { SocketServer } from '@parley/api/socket/server'
import type { Chat } from '@parley/chat/chat'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Files } from '../files/files.ts'
import type { WriteWatch } from './write-watch.ts'

export interface Metered {
  readonly chat: Chat
  readonly sockets: SocketServer
  readonly writes: WriteWatch
  readonly files: Pick<Files, 'transfers'>
}

const loopResolutionMs = 20
const nsPerSecond = 1e9
const writeSecondsBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]

/** The figures of one server, read when somebody asks for them. */
export class Metrics implements Disposable {
  readonly #registry = new Registry()
  readonly #loop = monitorEventLoopDelay({ resolution: loopResolutionMs })
  readonly #refusals: Counter<'kind' | 'path'>
  readonly #writeSeconds: Histogram

  constructor(metered: Metered) {
    this.#loop.enable()
    this.#refusals = new Counter({
      name: 'parley_refusals_total',
      help: 'Calls that were refused, by the kind of the refusal and the procedure',
      labelNames: ['kind', 'path'],
      registers: [this.#registry],
    })
    this.#writeSeconds = new Histogram({
      name: 'parley_write_seconds',
      help: 'From asking for a write until it is on disk or refused; a sample of one in 64',
      buckets: writeSecondsBuckets,
      registers: [this.#registry],
    })
    this.#ofConnections(metered)
    this.#ofDelivery(metered.chat)
    this.#ofWrites(metered)
    this.#ofProcess()
  }

  /** Counts a refused call. The path must be one of the router's: what callers make up would fill the memory. */
  refused(kind: string, path: string): void {
    this.#refusals.inc({ kind, path })
  }

  wrote(seconds: number): void {
    this.#writeSeconds.observe(seconds)
  }

  get contentType(): string {
    return this.#registry.contentType
  }

  text(): Promise<string> {
    return this.#registry.metrics()
  }

  [Symbol.dispose](): void {
    this.#loop.disable()
    this.#registry.clear()
  }

  #gauge(name: string, help: string, read: () => number): void {
    const metric = new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read())
      },
    })
    this.#registry.registerMetric(metric)
  }

  /** A count that somebody else keeps. */
  #count(name: string, help: string, read: () => number): void {
    const metric = new Counter({
      name,
      help,
      registers: [],
      collect() {
        this.reset()
        this.inc(read())
      },
    })
    this.#registry.registerMetric(metric)
  }

  #ofConnections({ sockets, chat, files }: Metered): void {
    this.#gauge('parley_transfers', 'Uploads and downloads under way', () => files.transfers)
    this.#gauge('parley_connections', 'Open WebSocket connections', () => sockets.stats().connections)
    this.#gauge(
      'parley_buffered_bytes',
      'Bytes handed to sockets that the system has not taken',
      () => sockets.stats().bufferedBytes,
    )
    this.#gauge(
      'parley_accounts_online',
      'Accounts with at least one connection',
      () => chat.presences.onlineCount,
    )
    this.#gauge(
      'parley_calls_in_flight',
      'Calls over sockets that are not answered yet',
      () => sockets.stats().callsInFlight,
    )
    this.#count(
      'parley_connections_accepted_total',
      'WebSocket connections since the start',
      () => sockets.stats().connectionsAccepted,
    )
    this.#count('parley_frames_received_total', 'Frames from clients', () => sockets.stats().framesReceived)
    const metric = new Counter({
      name: 'parley_connections_refused_total',
      help: 'Connections and frames that were refused, by the reason',
      labelNames: ['reason'],
      registers: [],
      collect() {
        this.reset()
        for (const [reason, count] of Object.entries(sockets.stats().refusals)) this.inc({ reason }, count)
      },
    })
    this.#registry.registerMetric(metric)
  }

  #ofDelivery({ delivery }: Chat): void {
    this.#gauge('parley_readers', 'Open streams', () => delivery.stats.readers)
    this.#gauge('parley_log_position', 'The newest position of the log', () => delivery.head())
    this.#count(
      'parley_readers_fell_behind_total',
      'Times that a stream was fed from the log, as its socket took too little',
      () => delivery.stats.fellBehind,
    )
    this.#count('parley_entries_total', 'Entries of the log', () => delivery.stats.entries)
    this.#count(
      'parley_frames_made_total',
      'Events that were serialised for streams',
      () => delivery.stats.framesMade,
    )
    this.#count(
      'parley_frames_handed_total',
      'Events that were handed to streams',
      () => delivery.stats.framesHanded,
    )
  }

  #ofWrites({ chat: { db }, writes }: Metered): void {
    this.#count('parley_commit_groups_total', 'Transactions, each with one fsync', () => db.stats.groups)
    this.#count('parley_writes_total', 'Writes in them', () => db.stats.writes)
    this.#count(
      'parley_writes_refused_total',
      'Writes that were undone, as they were refused or failed',
      () => db.stats.refusedWrites,
    )
    this.#gauge('parley_writes_waiting', 'Writes that wait for their commit', () => db.stats.waiting)
    this.#gauge(
      'parley_commit_wait_seconds',
      'How long the writes that wait have seen no commit; 0 when none wait',
      () => writes.waitingMs() / 1000,
    )
    this.#gauge(
      'parley_search_behind_positions',
      'How far the index of words is behind the log',
      () => db.stats.searchBehind,
    )
  }

  #ofProcess(): void {
    const loop = this.#loop
    this.#gauge(
      'parley_event_loop_lag_p99_seconds',
      'By how much timers were late, since the last reading',
      () => lag(loop.percentile(99)),
    )
    this.#gauge('parley_event_loop_lag_max_seconds', 'The latest timer since the last reading', () => {
      const max = lag(loop.max)
      loop.reset()
      return max
    })
    this.#gauge('parley_resident_bytes', 'Memory of the process', () => process.memoryUsage.rss())
    this.#gauge('parley_heap_used_bytes', 'Memory that objects take', () => process.memoryUsage().heapUsed)
    this.#count('parley_cpu_seconds_total', 'CPU time of the process', () => {
      const { user, system } = process.cpuUsage()
      return (user + system) / 1e6
    })
    this.#gauge('parley_started_seconds', 'When the process started, in seconds since 1970', () =>
      Math.round(Date.now() / 1000 - process.uptime()),
    )
  }
}

/** Of a delay as the histogram has it, in nanoseconds: by how many seconds it is over the time that was asked for. */
const lag = (delayNs: number) => Math.max(0, delayNs / nsPerSecond - loopResolutionMs / 1000)
