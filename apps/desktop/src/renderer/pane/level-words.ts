import type { Answers } from '../live/queries.ts'

export type UsualLevels = Answers['notifications']['usualLevels']
export type Level = UsualLevels[keyof UsualLevels]

export const levels: readonly Level[] = ['all', 'mentions', 'nothing']

export const levelWords: Readonly<Record<Level, string>> = {
  all: 'Every message',
  mentions: 'When I am mentioned',
  nothing: 'Nothing',
}

const kindWords = { direct: 'in direct conversations', group: 'in groups' } as const

/** What is usual for a kind of conversation now: "When I am mentioned, as usual in groups". */
export const usualWords = (kind: keyof UsualLevels, usual: UsualLevels): string =>
  `${levelWords[usual[kind]]}, as usual ${kindWords[kind]}`
