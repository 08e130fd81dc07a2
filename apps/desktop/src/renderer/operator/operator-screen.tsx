import type { OperatorSection } from '../state/place.ts'

export function OperatorScreen({ section }: { readonly section: OperatorSection }) {
  return <p>{section}</p>
}
