import { ConversationScreen } from '../conversation/conversation-screen.tsx'
import type { Place } from '../state/place.ts'
import { later } from '../ui/later.tsx'
import { Shape } from '../ui/states.tsx'
import { Home } from './home.tsx'

// A window opens where it was left, which is a conversation nearly always: the others are read when they are gone to.
const GroupsScreen = later(
  () => import('../groups/groups-screen.tsx').then((module) => module.GroupsScreen),
  Shape,
)
const OperatorScreen = later(
  () => import('../operator/operator-screen.tsx').then((module) => module.OperatorScreen),
  Shape,
)
const PeopleScreen = later(
  () => import('../people/people-screen.tsx').then((module) => module.PeopleScreen),
  Shape,
)
const RequestsScreen = later(
  () => import('../requests/requests-screen.tsx').then((module) => module.RequestsScreen),
  Shape,
)
const SettingsScreen = later(
  () => import('../settings/settings-screen.tsx').then((module) => module.SettingsScreen),
  Shape,
)

export function Middle({ place }: { readonly place: Place }) {
  return place.kind === 'conversation' ? (
    <ConversationScreen key={place.id} id={place.id} messageId={place.messageId} />
  ) : (
    <Other place={place} />
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
