import {
  conversationDescriptionCharsMax,
  conversationNameCharsMax,
  passwordCharsMax,
} from '@parley/domain/limits'
import { useEffect, useRef } from 'react'
import { Choice, Switch } from '../ui/choice.tsx'
import { TextArea, TextField } from '../ui/field.tsx'
import type { FormProblems, GroupForm } from './group-form.ts'
import { joinPolicies, policyWords } from './policy-words.ts'

interface GroupFieldsProps {
  readonly form: GroupForm
  readonly problems: FormProblems
  /** How often it was sent off in vain: until then nothing is held against it. */
  readonly tries: number
  /** It has a password, which stays where no other one is given. */
  readonly hasPassword: boolean
  readonly onChange: (form: GroupForm) => void
}

const options = joinPolicies.map((value) => ({
  value,
  label: policyWords[value].label,
  hint: policyWords[value].hint,
}))

/** What a group is called, what it is for, and who gets in. */
export function GroupFields({ form, problems, tries, hasPassword, onChange }: GroupFieldsProps) {
  const nameRef = useRef<HTMLInputElement>(null)
  const passwordRef = useRef<HTMLInputElement>(null)
  const said = tries > 0 ? problems : null
  useEffect(() => {
    // What is wrong may lie out of sight.
    if (tries > 0) (problems.name !== null ? nameRef : passwordRef).current?.focus()
  }, [tries])
  const isClosed = form.joinPolicy === 'closed'
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label="Name"
        autoFocus
        maxLength={conversationNameCharsMax}
        value={form.name}
        problem={said?.name}
        ref={nameRef}
        onChange={(event) => onChange({ ...form, name: event.target.value })}
      />
      <TextArea
        label="Description"
        rows={2}
        maxLength={conversationDescriptionCharsMax}
        placeholder="What it is about, for those who find it"
        value={form.description}
        onChange={(event) => onChange({ ...form, description: event.target.value })}
      />
      <Choice
        label="Who gets in"
        value={form.joinPolicy}
        options={options}
        onChange={(joinPolicy) => onChange({ ...form, joinPolicy })}
      />
      {form.joinPolicy === 'password' && (
        <TextField
          label={hasPassword ? 'New password' : 'Password'}
          type="password"
          autoComplete="off"
          maxLength={passwordCharsMax}
          placeholder={hasPassword ? 'Stays as it is' : undefined}
          hint="Tell it to those who are to join. It is kept as a hash, and nobody can look it up."
          value={form.password}
          problem={said?.password}
          ref={passwordRef}
          onChange={(event) => onChange({ ...form, password: event.target.value })}
        />
      )}
      {!isClosed && (
        <Switch
          label="Let everybody find it"
          hint="It is listed under Groups. If not, people need its link."
          checked={form.listed}
          onChange={(listed) => onChange({ ...form, listed })}
        />
      )}
    </div>
  )
}
