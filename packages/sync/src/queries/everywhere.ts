import { ParleyError } from '@parley/client/parley-error'
import type { ServerPort } from '../ports.ts'
import { isAnySealed, isSealed } from '../store/conversations.ts'
import { standingValue } from '../store/meta.ts'
import { heldSetting } from '../store/settings.ts'
import type { Store } from '../store/store.ts'
import type { SearchPage, SearchQuery, SearchReach } from '../views.ts'
import { limitOf, search } from './search.ts'

/** The setting by which the person has said whether words that are looked for everywhere go to the server: `true` or `false`. */
export const asksServerSetting = 'search.asks-server'

/**
 * Words that are looked for everywhere are often in what is sealed, too, and say much of it: where something may be
 * sealed, the server is asked only if the person wants that.
 */
export function searchReach({ connection }: Store): SearchReach {
  const chosen = heldSetting(connection, asksServerSetting)
  if (typeof chosen === 'boolean') return { asksServer: chosen, isChosen: true }
  // Before the whole list has come, nobody knows.
  const isKnown = standingValue.read(connection)?.whole === true
  return { asksServer: isKnown && !isAnySealed(connection), isChosen: false }
}

function unaskedFor(store: Store, { conversationId }: SearchQuery): SearchPage['unasked'] {
  if (conversationId === undefined) return searchReach(store).asksServer ? undefined : 'everywhere'
  return isSealed(store.connection, conversationId) ? 'sealed' : undefined
}

/**
 * What is held at once, and then that together with what the server finds, each message once. Both are pages of the
 * newest, so that the page of both reaches down to where either ends.
 */
export async function* searchEverywhere(
  store: Store,
  server: ServerPort,
  query: SearchQuery,
): AsyncGenerator<SearchPage, void, undefined> {
  const held = search(store, query)
  const unasked = unaskedFor(store, query)
  if (unasked !== undefined) {
    yield { ...held, unasked }
    return
  }
  yield held
  if (query.words.trim() === '') return
  let found: Awaited<ReturnType<ServerPort['search']>>
  try {
    found = await server.search({ ...query, limit: limitOf(query) })
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error
    const { kind, message, field } = error
    yield { ...held, problem: { kind, message, field } }
    return
  }
  yield mergedPage(held, found, limitOf(query))
}

/** One page of two. A server's page may be a short one, as large messages fill it sooner. */
export function mergedPage(
  held: Pick<SearchPage, 'messages' | 'next'>,
  found: Pick<SearchPage, 'messages' | 'next'>,
  limit: number,
): SearchPage {
  // What is held is as the log has it, which an answer may be older than.
  const byId = new Map([...found.messages, ...held.messages].map((message) => [message.id, message]))
  const reach = Math.max(held.next ?? 0, found.next ?? 0)
  const reached = [...byId.values()]
    .filter(({ id }) => id >= reach)
    .toSorted((one, other) => other.id - one.id)
  const messages = reached.slice(0, limit)
  const isMore = reach > 0 || reached.length > limit
  return { messages, next: isMore ? (messages.at(-1)?.id ?? null) : null, scope: 'everything' }
}
