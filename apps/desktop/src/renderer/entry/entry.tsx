import type { AppState } from '../live/queries.ts'

export function Entry({ state }: { readonly state: Exclude<AppState, { kind: 'signed-in' }> }) {
  return <p>{state.kind}</p>
}
