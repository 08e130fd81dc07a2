import type { ChatLog } from '@parley/chat/chat'
import pino from 'pino'
import type { Settings } from '../settings/schema.ts'
import { errorFields } from './error-fields.ts'
import { asText } from './text-lines.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * The only fields that a line of the log may have. None of them can hold what people write, a token or a password;
 * a field of another name shows as withheld, whoever gave it.
 */
const fieldNames = [
  'accountId',
  'address',
  'attachmentId',
  'batch',
  'bytes',
  'code',
  'connections',
  'conversationId',
  'count',
  'doing',
  'error',
  'folder',
  'gateway',
  'issuer',
  'method',
  'ms',
  'path',
  'pid',
  'port',
  'reason',
  'refusal',
  'sessionId',
  'signal',
  'status',
  'type',
  'verifyMs',
  'version',
] as const

export type LogFields = Readonly<Partial<Record<(typeof fieldNames)[number], unknown>>>

/** Where the lines go. Standard error, but for tests. */
export interface LogTarget {
  write(line: string): void
  /** Whether a person reads along. */
  readonly isTerminal: boolean
  /** Hands over what is still held. */
  flush(): void
}

export interface Log {
  (level: LogLevel, event: string, fields?: LogFields): void
  readonly flush: () => void
}

/** @returns a function that writes one line an event: its time, level, event, and the named fields. */
export function openLog(settings: Pick<Settings, 'logLevel' | 'logFormat'>, target: LogTarget): Log {
  const isText = settings.logFormat === 'text' || (settings.logFormat === 'auto' && target.isTerminal)
  const logger = pino(
    {
      level: settings.logLevel,
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    { write: (line: string) => target.write(isText ? asText(line) : line) },
  )
  const log = (level: LogLevel, event: string, fields: LogFields = {}) => {
    if (logger.isLevelEnabled(level)) logger[level](named(fields), event)
  }
  return Object.assign(log, { flush: () => target.flush() })
}

const known: ReadonlySet<string> = new Set(fieldNames)

function named(fields: LogFields): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  const withheld: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (!known.has(name)) withheld.push(name)
    else kept[name] = value instanceof Error ? errorFields(value) : plain(value)
  }
  return withheld.length > 0 ? { ...kept, withheld } : kept
}

/** Fields are words and figures. Anything with an inside might hold more than its name says. */
const plain = (value: unknown): unknown =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null
    ? value
    : typeof value

/** What `chat` has to say: that something of ours failed, or that somebody else did not do as it should. */
export const chatLog =
  (log: Log): ChatLog =>
  (event, fields) =>
    log(fields['error'] instanceof Error ? 'error' : 'warn', event, fields)
