import { ConversationScreen } from '../conversation/conversation-screen.tsx'
import { GroupsScreen } from '../groups/groups-screen.tsx'
import { OperatorScreen } from '../operator/operator-screen.tsx'
import { PeopleScreen } from '../people/people-screen.tsx'
import { RequestsScreen } from '../requests/requests-screen.tsx'
import { SettingsScreen } from '../settings/settings-screen.tsx'
import type { Place } from '../state/place.ts'
import { Home } from './home.tsx'

export function Middle({ place }: { readonly place: Place }) {
  switch (place.kind) {
    case 'home':
      return <Home />
    case 'conversation':
      return <ConversationScreen key={place.id} id={place.id} messageId={place.messageId} />
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
