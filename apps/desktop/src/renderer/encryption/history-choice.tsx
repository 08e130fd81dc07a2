import type { HistoryPolicy } from '../live/queries.ts'
import { Choice } from '../ui/choice.tsx'

export const historyWords: Readonly<
  Record<HistoryPolicy, { readonly label: string; readonly hint: string }>
> = {
  joining: { label: 'From their joining on', hint: 'What was said before stays closed to them.' },
  everything: { label: 'Everything', hint: 'They are given the keys of all that was said here.' },
}

const options = (['joining', 'everything'] as const).map((value) => ({ value, ...historyWords[value] }))

interface HistoryChoiceProps {
  readonly value: HistoryPolicy
  readonly onChange: (history: HistoryPolicy) => void
}

/** What somebody may read who comes into an encrypted group later. */
export function HistoryChoice({ value, onChange }: HistoryChoiceProps) {
  return <Choice label="Newcomers read" value={value} options={options} onChange={onChange} />
}
