import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { engine } from '../live/clients.ts'
import { live, queryClient } from '../live/live.ts'
import { meQuery, peopleQuery } from '../live/queries.ts'
import { Overlays } from '../palette/overlays.tsx'
import { useShortcuts } from '../palette/shortcuts.ts'
import { RightPane } from '../pane/right-pane.tsx'
import { Sidebar } from '../sidebar/sidebar.tsx'
import { awaitCalm } from '../state/calm.ts'
import { usePlace } from '../state/place.ts'
import { ConnectionBanner } from './connection-banner.tsx'
import { EncryptionLine } from './encryption-line.tsx'
import { Middle } from './middle.tsx'
import { useLookedAt } from './use-looked-at.ts'
import { useNamedConversation } from './use-named-conversation.ts'
import { useRememberedWindow } from './use-remembered-window.ts'
import { useWindowTitle } from './use-window-title.ts'
import { Safe } from '../ui/safe.tsx'

/** The window of somebody who is signed in, as it was left. */
export function Shell({ accountKey }: { readonly accountKey: string }) {
  const { data: kept, isPending } = useQuery(windowLeftQuery(accountKey))
  useEffect(() => {
    // Messages are drawn with their names, and once more where these come after them.
    void queryClient.prefetchQuery(meQuery)
    void queryClient.prefetchQuery(peopleQuery)
    return awaitCalm()
  }, [])
  return isPending ? null : <Window accountKey={accountKey} kept={kept} />
}

// Asked once for each time that an account is opened: from then on the window itself knows.
const windowLeftQuery = (accountKey: string) => ({
  ...live('window-left', accountKey, [], () => engine.window.left.query()),
  gcTime: 0,
})

// None of it depends on what is open: the same elements are not drawn again when that changes.
const sidebar = <Sidebar />
const bars = (
  <>
    <ConnectionBanner />
    <EncryptionLine />
  </>
)
const overlays = <Overlays />

interface WindowProps {
  readonly accountKey: string
  readonly kept: unknown
}

/** Sidebar, what is open, and a pane that folds away. */
function Window({ accountKey, kept }: WindowProps) {
  useRememberedWindow(accountKey, kept)
  useShortcuts()
  const place = usePlace((state) => state.place)
  const pane = usePlace((state) => state.pane)
  useLookedAt(place)
  useWindowTitle(place)
  useNamedConversation(place)
  return (
    <div className="flex h-full">
      {sidebar}
      <div className="flex min-w-0 flex-1 flex-col">
        {bars}
        <div className="relative flex min-h-0 flex-1">
          <main aria-label="Open" data-section className="flex min-w-0 flex-1 flex-col">
            <Safe of={place}>
              <Middle place={place} />
            </Safe>
          </main>
          {pane && place.kind === 'conversation' && (
            <Safe of={pane}>
              <RightPane key={place.id} conversationId={place.id} pane={pane} />
            </Safe>
          )}
        </div>
      </div>
      <Safe>{overlays}</Safe>
    </div>
  )
}
