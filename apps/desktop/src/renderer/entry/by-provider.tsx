import { ExternalLink } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { closeOverlay } from '../state/overlay.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form.tsx'
import type { Visit } from './visit.ts'

interface ByProviderProps {
  readonly visit: Visit
  /** Of an invite link, for who is new here. */
  readonly invite?: string | undefined
  /** The other way, by a password, where the server takes one. */
  readonly children: ReactNode
}

/** Signs in through the identity provider, in the browser; where the server has none, the other way is all there is. */
export function ByProvider({ visit, invite, children }: ByProviderProps) {
  const label = visit.info.signIn.oidc?.label
  const { waiting, problem, start, giveUp } = useProvider(visit.url, invite)
  const takesPassword = visit.info.signIn.password
  if (label === undefined) return takesPassword ? children : <NotFromHere />
  if (waiting) {
    return (
      <div role="status" className="flex flex-col items-center gap-4 py-4 text-center text-soft">
        <ExternalLink aria-hidden size={20} className="animate-shimmer text-accent" />
        <p className="max-w-64">
          Go on in your browser and sign in with {label}. This window waits until you are back.
        </p>
        <Button onClick={giveUp} autoFocus>
          Stop waiting
        </Button>
      </div>
    )
  }
  return (
    <>
      <Button onClick={start}>
        Sign in with {label}
        <ExternalLink aria-hidden size={16} className="text-dim" />
      </Button>
      <FormProblem text={problem} />
      {takesPassword && (
        <>
          <div className="flex items-center gap-3 text-small text-dim">
            <span className="h-px flex-1 bg-line" />
            or with a password
            <span className="h-px flex-1 bg-line" />
          </div>
          {children}
        </>
      )}
    </>
  )
}

/** People are known by the session that they have in another web application, which this app has no part of. */
function NotFromHere() {
  return (
    <p role="status" className="text-pretty text-soft">
      People sign in to this server through the web page that it stands beside. Ask its operator for a way in
      from this app.
    </p>
  )
}

function useProvider(url: string, invite: string | undefined) {
  const [waiting, setWaiting] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const underWay = useRef<AbortController | null>(null)
  useEffect(() => () => underWay.current?.abort(), [])

  const start = async () => {
    const stopping = new AbortController()
    underWay.current = stopping
    setProblem(null)
    setWaiting(true)
    try {
      await engine.servers.signInByProvider.mutate(
        { url, ...(invite && { invite }) },
        { signal: stopping.signal },
      )
      closeOverlay()
    } catch (error) {
      if (!stopping.signal.aborted) setProblem(troubleText(error))
    } finally {
      if (underWay.current === stopping) setWaiting(false)
    }
  }
  const giveUp = () => {
    underWay.current?.abort()
    setWaiting(false)
  }
  return { waiting, problem, start: () => void start(), giveUp }
}
