import { Users } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Avatar } from '../../ui/avatar.tsx'
import { BotBadge } from '../../ui/bot-badge.tsx'
import type { Choice } from './use-candidates.ts'

interface CompletionProps {
  readonly id: string
  readonly choices: readonly Choice[]
  readonly active: number
  readonly onTake: (choice: Choice) => void
}

/** What can be put in the place of what was begun. The field keeps the focus: it points at the active one. */
export function Completion({ id, choices, active, onTake }: CompletionProps) {
  const list = useRef<HTMLUListElement>(null)
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <ul
      ref={list}
      id={id}
      role="listbox"
      aria-label="Suggestions"
      className="absolute bottom-full left-0 z-20 mb-1 max-h-72 w-96 max-w-full animate-appear overflow-y-auto rounded-large border border-line bg-raised p-1 shadow-raised"
    >
      {choices.map((choice, index) => (
        <li
          key={choice.key}
          id={`${id}-${String(index)}`}
          role="option"
          aria-selected={index === active}
          // The field has to keep the focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onTake(choice)}
          className="flex h-8 items-center gap-2.5 rounded-small px-2 hover:bg-hover aria-selected:bg-selected"
        >
          <Sign choice={choice} />
          <span className="shrink-0 font-medium">{choice.label}</span>
          {choice.sign.kind === 'person' && choice.sign.bot && <BotBadge />}
          <span className="min-w-0 flex-1 truncate text-small text-dim">{choice.hint}</span>
        </li>
      ))}
    </ul>
  )
}

function Sign({ choice: { sign, label } }: { readonly choice: Choice }) {
  switch (sign.kind) {
    case 'emoji':
      return (
        <span aria-hidden className="w-5 text-center text-head">
          {sign.emoji}
        </span>
      )
    case 'everyone':
      return (
        <span className="flex size-5 items-center justify-center text-dim">
          <Users aria-hidden size={16} />
        </span>
      )
    case 'person':
    case 'group':
      return <Avatar seed={sign.seed} name={label} size={20} shape={sign.kind} />
  }
}
