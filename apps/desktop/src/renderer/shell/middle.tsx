import { lazy, Suspense } from 'react'
import { ConversationScreen } from '../conversation/conversation-screen.tsx'
import type { Place } from '../state/place.ts'
import { Shape } from '../ui/states.tsx'
import { Home } from './home.tsx'

// A window opens where it was left, which is a conversation nearly always: the others are read when they are gone to.
const GroupsScreen = lazy(() =>
  import('../groups/groups-screen.tsx').then((module) => ({ default: module.GroupsScreen })),
)
const OperatorScreen = lazy(() =>
  import('../operator/operator-screen.tsx').then((module) => ({ default: module.OperatorScreen })),
)
const PeopleScreen = lazy(() =>
  import('../people/people-screen.tsx').then((module) => ({ default: module.PeopleScreen })),
)
const RequestsScreen = lazy(() =>
  import('../requests/requests-screen.tsx').then((module) => ({ default: module.RequestsScreen })),
)
const SettingsScreen = lazy(() =>
  import('../settings/settings-screen.tsx').then((module) => ({ default: module.SettingsScreen })),
)

export function Middle({ place }: { readonly place: Place }) {
  return place.kind === 'conversation' ? (
    <ConversationScreen key={place.id} id={place.id} messageId={place.messageId} />
  ) : (
    <Suspense fallback={<Shape />}>
      <Other place={place} />
    </Suspense>
  )
}

function Other({ place }: { readonly place: Exclude<Place, { kind: 'conversation' }> }) {
  switch (place.kind) {
    case 'home':
      return <Home />
    case 'people':
      return <PeopleScreen />
    case 'groups':
      return <GroupsScreen />
    case 'requests':
      return <RequestsScreen />
    case 'settings':
      return <SettingsScreen section={place.section} />
    case 'operator':
      return <OperatorScreen section={place.section} />
  }
}
