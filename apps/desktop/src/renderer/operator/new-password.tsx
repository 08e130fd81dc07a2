import { Dices } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { TextField } from '../ui/field.tsx'
import { madeUpPassword } from './made-up-password.ts'

interface NewPasswordProps {
  readonly value: string
  readonly problem: string | null
  readonly onChange: (password: string) => void
  readonly autoFocus?: boolean
}

/** A password for somebody else: it can be seen, made up and copied, as it has to be told to them. */
export function NewPassword({ value, problem, onChange, autoFocus = false }: NewPasswordProps) {
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="New password"
        autoComplete="off"
        autoFocus={autoFocus}
        className="font-mono"
        value={value}
        problem={problem}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="flex gap-2">
        <Button onClick={() => onChange(madeUpPassword())}>
          <Dices aria-hidden size={16} />
          Make one up
        </Button>
        {value !== '' && <CopyButton text={value} />}
      </div>
    </div>
  )
}
