import type { SettingsSection } from '../state/place.ts'

export function SettingsScreen({ section }: { readonly section: SettingsSection }) {
  return <p>{section}</p>
}
