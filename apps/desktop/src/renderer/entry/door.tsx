import { useState } from 'react'
import { LinkButton } from '../ui/link-button.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { spokenAddress } from './last-server.ts'
import { SignIn } from './sign-in.tsx'
import { SignUp } from './sign-up.tsx'
import type { Visit } from './visit.ts'

/** A server's door: sign in, or sign up where new people are let in. */
export function Door({ visit, onBack }: { readonly visit: Visit; readonly onBack: () => void }) {
  const { info, url, secret } = visit
  const [isNew, setNew] = useState(info.awaitsOperator || secret !== '')
  return (
    <EntryFrame
      title={titleOf(visit, isNew)}
      about={
        <>
          <span className="select-text">{spokenAddress(url)}</span>
          <span aria-hidden> · </span>
          <LinkButton onClick={onBack}>Change server</LinkButton>
        </>
      }
    >
      {isNew ? <SignUp visit={visit} /> : <SignIn visit={visit} />}
      {!info.awaitsOperator && <OtherWay visit={visit} isNew={isNew} onChange={setNew} />}
    </EntryFrame>
  )
}

function titleOf({ info }: Visit, isNew: boolean): string {
  if (info.awaitsOperator) return `Set up ${info.name}`
  return isNew ? `Join ${info.name}` : `Sign in to ${info.name}`
}

interface OtherWayProps {
  readonly visit: Visit
  readonly isNew: boolean
  readonly onChange: (isNew: boolean) => void
}

function OtherWay({ visit: { info, secret }, isNew, onChange }: OtherWayProps) {
  if (isNew) {
    return (
      <p className="text-center text-dim">
        You have an account? <LinkButton onClick={() => onChange(false)}>Sign in</LinkButton>
      </p>
    )
  }
  if (info.signUp === 'closed' && secret === '') {
    return <p className="text-center text-dim">New accounts are made by this server’s operator.</p>
  }
  return (
    <p className="text-center text-dim">
      {info.signUp === 'invite' ? 'You were invited?' : 'New here?'}{' '}
      <LinkButton onClick={() => onChange(true)}>Make an account</LinkButton>
    </p>
  )
}
