import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { portErrorOf } from '../../ports/caller.ts'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { encryptionQuery } from '../live/queries.ts'
import { notice } from '../state/notices.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'

/** Which code is typed: the one that another device shows, or the one that was kept. */
type CodeKind = 'link' | 'recovery'

const words: Readonly<
  Record<
    CodeKind,
    {
      readonly title: string
      readonly about: string
      readonly label: string
      readonly problems: Readonly<Record<string, string>>
    }
  >
> = {
  link: {
    title: 'Enter a code from another device',
    about:
      'On a device that reads your encrypted conversations, open Settings, Encryption, “Link a new device”.',
    label: 'Code',
    problems: {
      'invalid-input': 'This is mistyped. Compare the groups with those on the other device.',
      'not-found': 'This code is not known. Show a new one on the other device.',
    },
  },
  recovery: {
    title: 'Enter your recovery code',
    about: 'The 14 groups that you kept when you made it.',
    label: 'Recovery code',
    problems: {
      'invalid-input': 'This is mistyped. Compare the groups with those that you kept.',
      'wrong-credentials': 'This is not your recovery code, or it was replaced by another one.',
      'not-found': 'No recovery code was ever made for this account.',
    },
  },
}

interface EnterCodeProps {
  readonly kind: CodeKind
  readonly onClose: () => void
}

/** Takes this device in by a code; closes by itself once it is in. */
export function EnterCode({ kind, onClose }: EnterCodeProps) {
  const { data: state } = useQuery(encryptionQuery)
  const [code, setCode] = useState('')
  // One that is linked already wants the account's key alone, which another device has changed.
  const [isLinked] = useState(state?.kind === 'ready')
  const entering = useMutation({
    mutationFn: () =>
      kind === 'link'
        ? engine.encryption.enterLinkCode.mutate({ code })
        : engine.encryption.recoverWith.mutate({ code }),
  })
  // With the recovery code there is more to be fetched once it is in, and that may fail.
  const isIn = kind === 'link' ? state?.kind === 'ready' && !state.keyChanged : entering.isSuccess
  useEffect(() => {
    if (!isIn) return
    notice({
      tone: 'plain',
      text: isLinked
        ? 'This device has the account’s new key.'
        : 'This device is linked. Encrypted conversations open as their keys come.',
    })
    onClose()
    // It is in once, whoever shows this.
  }, [isIn])
  const isWaiting = kind === 'link' && entering.isSuccess
  const { title, about, label, problems } = words[kind]
  return (
    <FormDialog
      title={title}
      about={about}
      done={isWaiting ? 'Waiting …' : isLinked ? 'Get the key' : 'Link this device'}
      busy={entering.isPending || isWaiting}
      disabled={code.trim() === ''}
      onDone={() => entering.mutate()}
      onClose={onClose}
    >
      <TextField
        label={label}
        autoFocus
        autoComplete="off"
        autoCapitalize="characters"
        className="font-mono"
        hint="Dashes, spaces and small letters do not matter."
        value={code}
        problem={entering.error && problemOf(entering.error, problems)}
        onChange={(event) => {
          setCode(event.target.value)
          entering.reset()
        }}
      />
      <p role="status" className="text-dim">
        {isWaiting &&
          `Waiting for the other device to ${isLinked ? 'give the key' : 'let this one in'}. Keep it switched on and connected.`}
      </p>
    </FormDialog>
  )
}

const problemOf = (error: unknown, problems: Readonly<Record<string, string>>): string =>
  problems[portErrorOf(error)?.kind ?? ''] ?? troubleText(error)
