import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { loadRendering } from './conversation/content/rendering.ts'
import { Entry } from './entry/entry.tsx'
import { stateQuery } from './live/queries.ts'
import { afterPaint } from './ui/after-paint.ts'
import { later } from './ui/later.tsx'

const Shell = later(() => import('./shell/shell.tsx').then((module) => module.Shell))

/** The way in, or what is inside. Until the engine has said which, the window stays empty: that is a few milliseconds. */
export function App() {
  const { data: state } = useQuery(stateQuery)
  const isThere = state !== undefined
  useEffect(() => {
    if (!isThere) return
    // Whoever types a passphrase, or reads what was open last, does not wait for what comes next.
    return afterPaint(() => {
      Shell.load()
      loadRendering()
    })
  }, [isThere])
  if (!state) return null
  return state.kind === 'signed-in' ? (
    <Shell key={state.account.key} accountKey={state.account.key} />
  ) : (
    <Entry state={state} />
  )
}
