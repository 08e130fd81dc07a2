import { useQuery } from '@tanstack/react-query'
import { Lock } from 'lucide-react'
import { type ConversationKey, conversationQuery, draftQuery } from '../../live/queries.ts'
import { Writer } from './writer.tsx'

/** Where messages are written, or why nothing is written here. */
export function Composer({ conversationId }: { readonly conversationId: ConversationKey }) {
  const { data: view } = useQuery(conversationQuery(conversationId))
  const { data: draft } = useQuery(draftQuery(conversationId))
  if (view === null) return <NotHere why="You are not in this conversation any more." />
  if (view && view.conversation.closedAt !== null) {
    return <NotHere why="This group was closed. It can be read, and nothing in it changes." />
  }
  return (
    <div data-section className="px-4 pb-1">
      {view && draft !== undefined ? (
        <Writer key={view.id} view={view} draft={draft} />
      ) : (
        <div className="mb-5 h-10 rounded-large border border-line bg-raised" />
      )}
    </div>
  )
}

function NotHere({ why }: { readonly why: string }) {
  return (
    <p
      role="status"
      className="mx-4 mb-4 flex min-h-10 items-center justify-center gap-2 rounded-large border border-line bg-side px-3 py-2 text-center text-soft"
    >
      <Lock aria-hidden size={16} className="shrink-0 text-dim" />
      {why}
    </p>
  )
}
