import { Avatar } from '../ui/avatar.tsx'
import { BotBadge } from '../ui/bot-badge.tsx'
import type { Person } from '../live/queries.ts'
import { presenceWords } from './presence-words.ts'

interface PersonLineProps {
  readonly person: Person
  readonly now: number
  /** Said after the name: a role, or that something is still on its way. */
  readonly mark?: string | undefined
}

/** Somebody in a list: who they are, and whether they are there. */
export function PersonLine({ person, now, mark }: PersonLineProps) {
  const { id, displayName, username, bot, disabled, online } = person
  return (
    <span className="flex items-center gap-3">
      <span className={disabled ? 'grayscale' : ''}>
        <Avatar seed={id} name={displayName} online={online && !disabled} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-center gap-2">
          <span className={`truncate font-medium ${disabled ? 'text-dim' : ''}`}>{displayName}</span>
          {bot && <BotBadge />}
          {mark !== undefined && <Badge>{mark}</Badge>}
        </span>
        <span className="truncate text-small text-dim">
          @{username} · {presenceWords(person, now)}
        </span>
      </span>
    </span>
  )
}

function Badge({ children }: { readonly children: string }) {
  return (
    <span className="shrink-0 rounded-small border border-line px-1 text-small text-dim">{children}</span>
  )
}
