import { useQuery } from '@tanstack/react-query'
import { Entry } from './entry/entry.tsx'
import { stateQuery } from './live/queries.ts'
import { Shell } from './shell/shell.tsx'

/** The way in, or what is inside. Until the engine has said which, the window stays empty: that is a few milliseconds. */
export function App() {
  const { data: state } = useQuery(stateQuery)
  if (!state) return null
  return state.kind === 'signed-in' ? (
    <Shell key={state.account.key} accountKey={state.account.key} />
  ) : (
    <Entry state={state} />
  )
}
