import type { ConversationId } from '@parley/domain/ids'

const isConversationId = (text: string): text is ConversationId => /^c[A-Za-z0-9_-]{15}$/.test(text)

/** The group that a text names by a `parley://` link or by its id; null where it is words to look for. */
export function groupNamedIn(text: string): ConversationId | null {
  const trimmed = text.trim()
  if (!trimmed.startsWith('parley:')) return isConversationId(trimmed) ? trimmed : null
  const named = URL.parse(trimmed)?.searchParams.get('conversation') ?? ''
  return isConversationId(named) ? named : null
}
