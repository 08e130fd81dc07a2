import { DoorOpen } from 'lucide-react'
import type { ConversationView } from '../live/queries.ts'
import { go } from '../state/place.ts'
import { titleOf } from '../sidebar/title-of.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/states.tsx'

/** There is no such conversation, or not any more. */
export function Gone({ last }: { readonly last: ConversationView | null }) {
  const isLocal = last?.id.startsWith('local-') === true
  return (
    <div role="alert" className="flex-1">
      <Empty
        level={1}
        icon={<DoorOpen size={28} />}
        title={last ? `You are not in “${titleOf(last)}” any more` : 'This conversation is not here'}
      >
        <p>
          {!last
            ? 'You may have left it, or it was never yours to read.'
            : isLocal
              ? 'Its making was taken back.'
              : 'You left it or were removed from it, so what was said there is no longer kept on this device.'}
        </p>
        <div className="flex gap-2">
          <Button tone="primary" onClick={() => go({ kind: 'home' })}>
            Go on
          </Button>
          <Button onClick={() => go({ kind: 'groups' })}>Find groups</Button>
        </div>
      </Empty>
    </div>
  )
}
