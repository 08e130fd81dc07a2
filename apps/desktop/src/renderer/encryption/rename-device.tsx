import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import type { OwnDevice } from '../live/queries.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'

interface RenameDeviceProps {
  readonly device: OwnDevice
  readonly name: string
  readonly onClose: () => void
}

const nameCharsMax = 60

/** Gives one of one's own devices a name of one's own. */
export function RenameDevice({ device, name, onClose }: RenameDeviceProps) {
  const [typed, setTyped] = useState(name)
  const naming = useMutation({
    mutationFn: () => engine.encryption.nameDevice.mutate({ id: device.id, name: typed }),
    onSuccess: onClose,
  })
  return (
    <FormDialog
      title="Rename this device"
      about="Only this app shows the name, and the server is not told."
      done="Rename"
      busy={naming.isPending}
      onDone={() => naming.mutate()}
      onClose={onClose}
    >
      <TextField
        label="Name"
        autoFocus
        autoComplete="off"
        maxLength={nameCharsMax}
        hint="Left empty, it goes by what it said when it signed in."
        value={typed}
        problem={naming.error && troubleText(naming.error)}
        onChange={(event) => setTyped(event.target.value)}
      />
    </FormDialog>
  )
}
