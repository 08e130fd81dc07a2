import type { JoinPolicy } from '../groups/policy-words.ts'
import type { HistoryPolicy } from '../live/queries.ts'
import { Switch } from '../ui/choice.tsx'
import { HistoryChoice } from './history-choice.tsx'
import { useWhyNotSealed } from './why-not-sealed.ts'

/** Whether a group is made encrypted, and what newcomers read then. */
export interface SealedForm {
  readonly sealed: boolean
  readonly history: HistoryPolicy
}

interface SealedFieldsProps {
  readonly form: SealedForm
  readonly joinPolicy: JoinPolicy
  readonly onChange: (form: SealedForm) => void
}

export function SealedFields({ form, joinPolicy, onChange }: SealedFieldsProps) {
  const whyNot = useWhyNotSealed()
  const letsAnybodyIn = joinPolicy === 'open' || joinPolicy === 'password'
  return (
    <div className="flex flex-col gap-2">
      <Switch
        label="End-to-end encrypted"
        hint={
          whyNot ??
          (form.sealed && letsAnybodyIn
            ? 'Only members’ devices can read it. As people may join by themselves, whoever runs the server could come in too; all members would see that. It stays encrypted for good.'
            : 'Only members’ devices can read what is said, and the server cannot. It stays so for good.')
        }
        checked={form.sealed}
        disabled={whyNot !== null}
        onChange={(sealed) => onChange({ ...form, sealed })}
      />
      {form.sealed && (
        <HistoryChoice value={form.history} onChange={(history) => onChange({ ...form, history })} />
      )}
    </div>
  )
}
