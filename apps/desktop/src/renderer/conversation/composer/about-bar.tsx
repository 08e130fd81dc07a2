import { useQuery } from '@tanstack/react-query'
import { Pencil, Reply, X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ConversationKey } from '../../live/queries.ts'
import { IconButton } from '../../ui/button.tsx'
import { type Composing, type MessageKey, startNew } from '../composing.ts'
import { useName } from '../content/people-index.ts'
import { QuotedLine } from '../content/quoted-line.tsx'
import { messageQuery } from './message-of.ts'

interface AboutBarProps {
  readonly conversationId: ConversationKey
  readonly composing: Composing
}

/** What is written belongs to another message: which one, and a way out. */
export function AboutBar({ conversationId, composing }: AboutBarProps) {
  const leave = () => startNew(conversationId)
  switch (composing.kind) {
    case 'new':
      return null
    case 'reply':
      return (
        <Bar icon={<Reply aria-hidden size={16} />} cancel="Cancel reply" onCancel={leave}>
          <Quoted conversationId={conversationId} of={composing.to} verb="Reply to" />
        </Bar>
      )
    case 'edit':
      return (
        <Bar icon={<Pencil aria-hidden size={16} />} cancel="Cancel editing" onCancel={leave}>
          <Quoted conversationId={conversationId} of={composing.of} verb="Editing" />
        </Bar>
      )
  }
}

interface BarProps {
  readonly icon: ReactNode
  readonly cancel: string
  readonly onCancel: () => void
  readonly children: ReactNode
}

function Bar({ icon, cancel, onCancel, children }: BarProps) {
  return (
    <div className="flex h-9 items-center gap-2 border-b border-line pr-1 pl-3 text-soft">
      <span className="shrink-0 text-accent">{icon}</span>
      <span className="flex min-w-0 flex-1 gap-2">{children}</span>
      <IconButton label={cancel} keys="Esc" icon={<X size={16} />} onClick={onCancel} />
    </div>
  )
}

interface QuotedProps {
  readonly conversationId: ConversationKey
  readonly of: MessageKey
  readonly verb: 'Reply to' | 'Editing'
}

function Quoted({ conversationId, of, verb }: QuotedProps) {
  const { data: message } = useQuery(messageQuery(conversationId, of))
  if (!message)
    return <span className="font-medium">{verb === 'Editing' ? 'Editing a message' : 'Reply'}</span>
  return (
    <>
      <span className="shrink-0 font-medium text-text">
        {verb} {verb === 'Reply to' && <AuthorOf id={message.authorId} />}
      </span>
      <QuotedLine message={message} />
    </>
  )
}

function AuthorOf({ id }: { readonly id: Parameters<typeof useName>[0] }) {
  const name = useName(id)
  return name === 'you' ? 'yourself' : (name ?? 'somebody')
}
