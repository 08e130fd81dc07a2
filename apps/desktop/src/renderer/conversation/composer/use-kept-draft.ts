import { useCallback, useEffect, useRef } from 'react'
import { complain } from '../../live/act.ts'
import { engine } from '../../live/clients.ts'
import { queryClient } from '../../live/live.ts'
import { type ConversationKey, type Draft, draftQuery } from '../../live/queries.ts'
import { asideOf, composingOf } from '../composing.ts'

type Words = Omit<Draft, 'attachments'>

const keptAfterMs = 300

/** What is written and to what it belongs, to be kept; null where that is nothing. */
function wordsOf(conversationId: ConversationKey, text: string): Words | null {
  const composing = composingOf(conversationId)
  if (composing.kind === 'reply') return { text, replyTo: composing.to }
  if (composing.kind === 'edit') {
    const aside = asideOf(conversationId)
    return { text, editing: composing.of, ...(aside !== '' && { aside }) }
  }
  return text === '' ? null : { text }
}

interface Keeper {
  readonly keep: () => void
  readonly written: () => Words | null
}

const keepers = new Map<ConversationKey, Keeper>()

/** What is written in a conversation is in the store before whatever is asked of the engine next. */
export const keepNow = (conversationId: ConversationKey): void => keepers.get(conversationId)?.keep()

/** What is written in a conversation that is open, or is left by the change that is being drawn; null for nothing. */
export const writtenIn = (conversationId: ConversationKey): Words | null =>
  keepers.get(conversationId)?.written() ?? null

/**
 * Keeps what is written: a moment after the last key, and at once when the conversation, the window or the app is left.
 *
 * @param changing changes with what the text belongs to
 * @returns what forgets it, once it was sent
 */
export function useKeptDraft(
  conversationId: ConversationKey,
  text: string,
  draft: Draft | null,
  changing: unknown,
): () => void {
  const now = useRef(text)
  const kept = useRef(JSON.stringify(draft && wordsOnly(draft)))
  now.current = text

  const keep = useCallback(() => {
    const words = wordsOf(conversationId, now.current)
    const json = JSON.stringify(words)
    if (json === kept.current) return
    kept.current = json
    put(conversationId, words)
  }, [conversationId])

  useEffect(() => {
    // One that waits for its name on the server may be named at any moment, and is another place then.
    const waiting = setTimeout(keep, conversationId.startsWith('local-') ? 0 : keptAfterMs)
    return () => clearTimeout(waiting)
  }, [keep, conversationId, text, changing])

  useEffect(() => {
    const keeper = { keep, written: () => wordsOf(conversationId, now.current) }
    keepers.set(conversationId, keeper)
    window.addEventListener('blur', keep)
    window.addEventListener('pagehide', keep)
    document.addEventListener('visibilitychange', keep)
    return () => {
      if (keepers.get(conversationId) === keeper) keepers.delete(conversationId)
      window.removeEventListener('blur', keep)
      window.removeEventListener('pagehide', keep)
      document.removeEventListener('visibilitychange', keep)
      keep()
    }
  }, [conversationId, keep])
  return useCallback(() => {
    now.current = ''
    kept.current = 'null'
    put(conversationId, null)
  }, [conversationId])
}

const wordsOnly = ({ text, replyTo, editing, aside }: Draft): Words | null =>
  text === '' && replyTo === undefined && editing === undefined
    ? null
    : {
        text,
        ...(replyTo !== undefined && { replyTo }),
        ...(editing !== undefined && { editing }),
        ...(aside !== undefined && { aside }),
      }

/** Into the store, and into what is shown when the conversation is opened again before the store has answered. */
function put(conversationId: ConversationKey, words: Words | null): void {
  const { queryKey } = draftQuery(conversationId)
  void queryClient.cancelQueries({ queryKey })
  queryClient.setQueryData(queryKey, (held) => {
    const attachments = held?.attachments ?? []
    return words || attachments.length > 0 ? { ...(words ?? { text: '' }), attachments } : null
  })
  void engine.messages.saveDraft.mutate({ conversationId, draft: words }).catch(complain)
}
