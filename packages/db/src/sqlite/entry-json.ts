import type { Position } from '@parley/domain/ids'

// An entry of a message is written around the message's own text, so that it is stored once, and nothing is parsed.

export const messageJson = (position: Position, message: string) =>
  `{"position":${position},"kind":"message","message":${message}}`

export const messageChangedJson = (position: Position, message: string) =>
  `{"position":${position},"kind":"message-changed","message":${message}}`
