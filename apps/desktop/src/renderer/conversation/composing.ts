import { create } from 'zustand'
import type { ConversationKey, Draft, TimelineMessage } from '../live/queries.ts'

/** A message of the server by its id, or one that waits by that of its operation. */
export type MessageKey = NonNullable<Draft['replyTo']>

/** What the composer of a conversation is about to say. Its text is the composer's own. */
export type Composing =
  | { readonly kind: 'new' }
  | { readonly kind: 'reply'; readonly to: MessageKey }
  | { readonly kind: 'edit'; readonly of: MessageKey }

interface Composings {
  readonly byConversation: Readonly<Record<ConversationKey, Composing>>
  /** Counts up whenever the composer is to take the focus. */
  readonly focusAsked: number
  /** Counts up with every message that was written here. */
  readonly said: number
  /** What was being written when an edit began: it is there again when that is done. */
  readonly aside: Readonly<Record<ConversationKey, string>>
  /** Counts up whenever something else than its composer changed the draft of a conversation. */
  readonly redrawn: Readonly<Record<ConversationKey, number>>
}

const something: Composing = { kind: 'new' }

/**
 * Shared by the timeline, where replying and editing begin, and the composer, which shows what it is about. The composer
 * keeps it in the draft with the text (`replyTo`, `editing`), and puts it back here when it reads a draft.
 */
const useComposings = create<Composings>(() => ({
  byConversation: {},
  focusAsked: 0,
  said: 0,
  aside: {},
  redrawn: {},
}))

export const useComposing = (id: ConversationKey): Composing =>
  useComposings((state) => state.byConversation[id] ?? something)

/** Changes whenever the composer is to take the focus; the first value asks for nothing. */
export const useFocusAsked = (): number => useComposings((state) => state.focusAsked)

export function composingOf(id: ConversationKey): Composing {
  return useComposings.getState().byConversation[id] ?? something
}

export function startReply(id: ConversationKey, to: MessageKey): void {
  setComposing(id, { kind: 'reply', to })
  focusComposer()
}

export function startEdit(id: ConversationKey, of: MessageKey): void {
  setComposing(id, { kind: 'edit', of })
  focusComposer()
}

/** Back to a new message: it was sent, or is not to be a reply or an edit any more. */
export function startNew(id: ConversationKey): void {
  setComposing(id, something)
}

export function setComposing(id: ConversationKey, composing: Composing): void {
  useComposings.setState(({ byConversation }) => ({
    byConversation: { ...byConversation, [id]: composing },
  }))
}

/** A message was written: its author wants to see it, wherever the reading was. */
export function saidSomething(): void {
  useComposings.setState(({ said }) => ({ said: said + 1 }))
}

/** Changes with every message that was written here. */
export const useSaid = (): number => useComposings((state) => state.said)

export function focusComposer(): void {
  useComposings.setState(({ focusAsked }) => ({ focusAsked: focusAsked + 1 }))
}

/** How the engine is told of a message. */
export const messageKeyOf = ({
  id,
  operationId,
}: Pick<TimelineMessage, 'id' | 'operationId'>): MessageKey | null => id ?? operationId

export const asideOf = (id: ConversationKey): string => useComposings.getState().aside[id] ?? ''

export function setAside(id: ConversationKey, text: string): void {
  useComposings.setState(({ aside }) => ({ aside: { ...aside, [id]: text } }))
}

/** The composer of a conversation, where it is open, takes up the draft as the store has it. */
export function redraw(id: ConversationKey): void {
  useComposings.setState(({ redrawn }) => ({ redrawn: { ...redrawn, [id]: (redrawn[id] ?? 0) + 1 } }))
}

/** Changes whenever the draft is to be taken up anew; the first value asks for nothing. */
export const useRedrawn = (id: ConversationKey): number => useComposings((state) => state.redrawn[id] ?? 0)
