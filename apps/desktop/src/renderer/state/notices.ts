import { create } from 'zustand'

export interface Notice {
  readonly id: number
  readonly tone: 'plain' | 'danger'
  readonly text: string
  /** A way on, such as taking back. */
  readonly action?: { readonly label: string; readonly run: () => void } | undefined
}

/** The oldest ones go when there are more. */
const noticesMax = 4
let nextId = 1

export const useNotices = create<{ readonly notices: readonly Notice[] }>(() => ({ notices: [] }))

/** Says something briefly, beside what a person is doing. */
export function notice(said: Omit<Notice, 'id'>): void {
  const id = nextId++
  useNotices.setState(({ notices }) => ({ notices: [...notices, { id, ...said }].slice(-noticesMax) }))
}

export function dismissNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((each) => each.id !== id) }))
}
