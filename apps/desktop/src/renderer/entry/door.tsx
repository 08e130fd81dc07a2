import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { EntryFrame } from './entry-frame.tsx'
import { spokenAddress } from './last-server.ts'
import { SignIn } from './sign-in.tsx'
import { SignUp } from './sign-up.tsx'
import type { Visit } from './visit.ts'

/** A server's door: sign in, or sign up where new people are let in. */
export function Door({ visit, onBack }: { readonly visit: Visit; readonly onBack: () => void }) {
  const { info, url, secret } = visit
  const [isNew, setNew] = useState(info.awaitsOperator || secret !== '')
  const closed = info.signUp === 'closed' && !info.awaitsOperator && secret === ''
  return (
    <EntryFrame
      title={info.awaitsOperator ? `Set up ${info.name}` : isNew ? `Join ${info.name}` : info.name}
      about={
        <>
          <span className="select-text">{spokenAddress(url)}</span>{' '}
          <button type="button" onClick={onBack} className="rounded-small text-link hover:underline">
            Change server
          </button>
        </>
      }
    >
      {isNew ? <SignUp visit={visit} /> : <SignIn visit={visit} />}
      {!info.awaitsOperator && (
        <p className="flex items-center justify-center gap-1 text-dim">
          {isNew ? (
            <>
              You have an account?
              <Button tone="quiet" className="h-7 px-1.5 text-link" onClick={() => setNew(false)}>
                Sign in
              </Button>
            </>
          ) : closed ? (
            'New accounts are made by this server’s operator.'
          ) : (
            <>
              {info.signUp === 'invite' ? 'You were invited?' : 'New here?'}
              <Button tone="quiet" className="h-7 px-1.5 text-link" onClick={() => setNew(true)}>
                Make an account
              </Button>
            </>
          )}
        </p>
      )}
    </EntryFrame>
  )
}
