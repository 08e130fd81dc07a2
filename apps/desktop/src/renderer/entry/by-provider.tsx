import { ExternalLink } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { Button } from '../ui/button.tsx'
import { FormProblem } from '../ui/form.tsx'
import type { Visit } from './visit.ts'

interface ByProviderProps {
  readonly visit: Visit
  /** Of an invite link, for who is new here. */
  readonly invite?: string | undefined
}

/** Signs in through the identity provider, in the browser; nothing where the server has none. */
export function ByProvider({ visit, invite }: ByProviderProps) {
  const label = visit.info.signIn.oidc?.label
  const { waiting, problem, start, giveUp } = useProvider(visit.url, invite)
  if (label === undefined) return null
  return (
    <div className="flex flex-col gap-4">
      {waiting ? (
        <div role="status" className="flex flex-col items-center gap-3 text-center text-soft">
          <p>Go on in your browser. This window waits until you are back.</p>
          <Button onClick={giveUp} autoFocus>
            Stop waiting
          </Button>
        </div>
      ) : (
        <Button onClick={start}>
          Sign in with {label}
          <ExternalLink aria-hidden size={16} className="text-dim" />
        </Button>
      )}
      <FormProblem text={problem} />
      <div aria-hidden className="flex items-center gap-3 text-small text-dim">
        <span className="h-px flex-1 bg-line" />
        or with a password
        <span className="h-px flex-1 bg-line" />
      </div>
    </div>
  )
}

function useProvider(url: string, invite: string | undefined) {
  const [waiting, setWaiting] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const under = useRef<AbortController | null>(null)
  useEffect(() => () => under.current?.abort(), [])

  const start = async () => {
    const stopping = new AbortController()
    under.current = stopping
    setProblem(null)
    setWaiting(true)
    try {
      await engine.servers.signInByProvider.mutate(
        { url, ...(invite && { invite }) },
        { signal: stopping.signal },
      )
    } catch (error) {
      if (!stopping.signal.aborted) setProblem(troubleText(error))
    } finally {
      if (under.current === stopping) setWaiting(false)
    }
  }
  const giveUp = () => {
    under.current?.abort()
    setWaiting(false)
  }
  return { waiting, problem, start: () => void start(), giveUp }
}
