import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { stateQuery } from './live/queries.ts'
import { Shell } from './shell/shell.tsx'

// Whoever is signed in comes by it where the system keeps no keys, and else never.
const Entry = lazy(() => import('./entry/entry.tsx').then((module) => ({ default: module.Entry })))

/** The way in, or what is inside. Until the engine has said which, the window stays empty: that is a few milliseconds. */
export function App() {
  const { data: state } = useQuery(stateQuery)
  if (!state) return null
  return state.kind === 'signed-in' ? (
    <Shell key={state.account.key} accountKey={state.account.key} />
  ) : (
    <Suspense>
      <Entry state={state} />
    </Suspense>
  )
}
