import { useQuery } from '@tanstack/react-query'
import { ShieldAlert } from 'lucide-react'
import { Suspense, lazy } from 'react'
import { meQuery } from '../live/queries.ts'
import { type OperatorSection, go } from '../state/place.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Shape } from '../ui/states.tsx'

const Operator = lazy(async () => ({ default: (await import('./operator.tsx')).Operator }))

/** For operators alone. The server says no to everybody else; here they are told why, and not shown what they cannot do. */
export function OperatorScreen({ section }: { readonly section: OperatorSection }) {
  const { data: me } = useQuery(meQuery)
  if (!me) return <Shape />
  if (!me.operator) {
    return (
      <Empty icon={<ShieldAlert size={28} />} title="This is for the server’s operators">
        <p>They make accounts and invite links. Yours is an account of a member.</p>
        <Button onClick={() => go({ kind: 'home' })}>Go back</Button>
      </Empty>
    )
  }
  return (
    <Suspense fallback={<Shape />}>
      <Operator section={section} />
    </Suspense>
  )
}
