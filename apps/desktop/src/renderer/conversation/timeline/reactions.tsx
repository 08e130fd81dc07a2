import type { TimelineMessage } from '../../live/queries.ts'
import { Tip } from '../../ui/tip.tsx'
import type { Here } from '../here.ts'
import { useNameOf } from '../names.ts'
import { react } from './doing.ts'

/** More people than these are counted rather than named. */
const namedMax = 12

/** How people answered with an emoji; pressing one joins in, or takes one's own back. */
export function Reactions({ message, here }: { readonly message: TimelineMessage; readonly here: Here }) {
  const nameOf = useNameOf()
  return (
    <div role="group" aria-label="Reactions" className="mt-1 flex flex-wrap gap-1">
      {message.reactions.map(({ emoji, accountIds }) => {
        const mine = here.myId !== null && accountIds.includes(here.myId)
        const others = accountIds.filter((id) => id !== here.myId).map(nameOf)
        const who = listed([...(mine ? ['You'] : []), ...others])
        return (
          <Tip key={emoji} label={`${who} reacted with ${emoji}`}>
            <button
              type="button"
              aria-label={`${emoji} ${String(accountIds.length)}: ${who}`}
              aria-pressed={mine}
              disabled={here.isClosed}
              onClick={() => react(message, here, emoji)}
              className="inline-flex h-6 items-center gap-1.5 rounded-full border border-line px-2 text-small tabular-nums transition-colors duration-100 hover:border-line-strong aria-pressed:border-accent aria-pressed:bg-selected"
            >
              <span>{emoji}</span> <span>{accountIds.length}</span>
            </button>
          </Tip>
        )
      })}
    </div>
  )
}

function listed(names: readonly string[]): string {
  if (names.length > namedMax) {
    return `${names.slice(0, namedMax).join(', ')} and ${String(names.length - namedMax)} more`
  }
  const last = names.at(-1) ?? 'Nobody'
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
