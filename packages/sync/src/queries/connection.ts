import type { ConnectionState } from '@parley/client/connection/state'
import type { ConnectionView } from '../views.ts'

export function connectionView(state: ConnectionState, caughtUp: boolean): ConnectionView {
  switch (state.kind) {
    case 'online':
      return { kind: 'online', caughtUp }
    case 'refused':
      return { kind: 'refused', problem: { kind: state.error.kind, message: state.error.message } }
    case 'connecting':
    case 'waiting':
    case 'closed':
      return state
  }
}
