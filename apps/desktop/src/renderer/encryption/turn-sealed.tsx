import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { act } from '../live/act.ts'
import { type ConversationKey, conversationQuery, type HistoryPolicy } from '../live/queries.ts'
import { closeOverlay } from '../state/overlay.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { HistoryChoice } from './history-choice.tsx'

/** Makes a plain conversation an encrypted one, for good. */
export function TurnSealed({ id }: { readonly id: ConversationKey }) {
  const { data: view } = useQuery(conversationQuery(id))
  const [history, setHistory] = useState<HistoryPolicy>('joining')
  const [busy, setBusy] = useState(false)
  if (!view) return null
  const turn = async () => {
    setBusy(true)
    const operation = await act({ kind: 'turn-sealed', conversationId: id, history })
    setBusy(false)
    if (operation) closeOverlay()
  }
  return (
    <FormDialog
      title="Turn encryption on?"
      about="From then on only members’ devices can read what is said here. It cannot be turned off again."
      done="Turn encryption on"
      busy={busy}
      onDone={() => void turn()}
      onClose={closeOverlay}
    >
      <p className="text-pretty text-soft">
        What was said until now stays as it is: whoever runs the server can read it. The name and who is in
        here stay visible to the server, too.
      </p>
      {view.conversation.kind === 'group' && <HistoryChoice value={history} onChange={setHistory} />}
    </FormDialog>
  )
}
