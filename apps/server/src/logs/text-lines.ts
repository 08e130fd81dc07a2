import { z } from 'zod'

const Line = z.looseObject({ time: z.string(), level: z.string(), event: z.string() })

/** A line of JSON as a person at a terminal reads it: `12:00:00 info listening port=4100`. */
export function asText(line: string): string {
  const { time, level, event, error, ...fields } = Line.parse(JSON.parse(line))
  const said = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${time.slice(11, 19)} ${level} ${event}${said.join('')}${error === undefined ? '' : `\n${errorText(error)}`}\n`
}

function errorText(error: unknown): string {
  if (typeof error === 'string') return `  ${error}`
  const { type, message, stack, cause } = z
    .looseObject({
      type: z.string(),
      message: z.string().optional(),
      stack: z.string().optional(),
      cause: z.unknown().optional(),
    })
    .parse(error)
  const head = `  ${type}${message === undefined ? '' : `: ${message}`}`
  const frames = (stack ?? '').split('\n').filter((frame) => frame !== '')
  return [
    head,
    ...frames.map((frame) => `    ${frame}`),
    ...(cause === undefined ? [] : [errorText(cause)]),
  ].join('\n')
}
