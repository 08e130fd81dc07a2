import { portErrorOf } from '../../ports/caller.ts'
import { notice } from '../state/notices.ts'
import { engine } from './clients.ts'
import type { Action, Operation } from './queries.ts'
import { wordsFor } from './trouble-words.ts'

/**
 * Does what a person wants. What the server will say of it comes later, and is shown where it was done; what cannot even
 * be accepted is said at once.
 * @returns null when it was not accepted.
 */
export async function act(action: Action, id?: string): Promise<Operation | null> {
  try {
    return await engine.outbox.act.mutate({ action, ...(id !== undefined && { id }) })
  } catch (error) {
    complain(error)
    return null
  }
}

/** Shows what went wrong with something that was asked for, as a notice. */
export function complain(error: unknown): void {
  notice({ tone: 'danger', text: troubleText(error) })
}

/** What went wrong, in words for people. */
export function troubleText(error: unknown): string {
  const trouble = portErrorOf(error)
  return trouble ? wordsFor(trouble.kind, trouble.message) : 'Something went wrong in the app.'
}
