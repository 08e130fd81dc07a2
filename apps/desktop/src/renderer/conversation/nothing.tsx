import { MessageSquare } from 'lucide-react'
import { troubleText } from '../live/act.ts'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { connectionQuery, type ConversationView } from '../live/queries.ts'
import { rightsIn } from '../pane/rights.ts'
import { isNamed } from '../search/is-named.ts'
import { titleOf } from '../sidebar/title-of.ts'
import { openOverlay } from '../state/overlay.ts'
import { LinkButton } from '../ui/link-button.tsx'
import { Empty, Failed, Shape } from '../ui/states.tsx'
import type { Paging } from './timeline/paging.ts'
import type { Shown } from './timeline/shown.ts'

interface NothingProps {
  readonly view: ConversationView
  readonly shown: Shown
  readonly paging: Paging
}

/** No message is here: none was said yet, or none has come to this device yet. */
export function Nothing({ view, shown, paging }: NothingProps) {
  const { data: connection } = useQuery(connectionQuery)
  const online = connection?.kind === 'online'
  useEffect(() => {
    if (online) paging.tryAgain()
  }, [online, paging])
  if (shown.fault) {
    return (
      <div className="m-auto">
        <Failed
          text={
            online
              ? troubleText(shown.fault.error)
              : 'What was said here is not on this device yet. It comes when the server can be reached.'
          }
          onRetry={paging.tryAgain}
        />
      </div>
    )
  }
  if (shown.filling || shown.older === 'missing') return <Shape lines={8} />
  const isGroup = view.conversation.kind === 'group'
  return (
    <Empty
      icon={<MessageSquare size={28} />}
      title={isGroup ? `Welcome to ${titleOf(view)}` : `Say hello to ${titleOf(view)}`}
    >
      {view.conversation.description !== '' && <p className="text-soft">{view.conversation.description}</p>}
      <p>Nothing was said here yet. Write the first message below.</p>
      {!view.conversation.sealed && rightsIn(view).turnSealed && isNamed(view.id) && (
        <LinkButton onClick={() => openOverlay({ kind: 'turn-sealed', id: view.id })}>
          Turn encryption on …
        </LinkButton>
      )}
    </Empty>
  )
}
