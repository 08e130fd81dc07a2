import { Suspense, lazy } from 'react'
import type { SettingsSection } from '../state/place.ts'
import { Shape } from '../ui/states.tsx'

const Settings = lazy(async () => ({ default: (await import('./settings.tsx')).Settings }))

/** Loaded when it is first opened. */
export function SettingsScreen({ section }: { readonly section: SettingsSection }) {
  return (
    <Suspense fallback={<Shape />}>
      <Settings section={section} />
    </Suspense>
  )
}
