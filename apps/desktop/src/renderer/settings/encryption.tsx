import { useQuery } from '@tanstack/react-query'
import { Devices } from '../encryption/devices.tsx'
import { KeyChanged } from '../encryption/key-changed.tsx'
import { NotLinked } from '../encryption/not-linked.tsx'
import { RecoveryCode } from '../encryption/recovery-code.tsx'
import { troubleText } from '../live/act.ts'
import { encryptionQuery, type Encryption as Standing } from '../live/queries.ts'
import { Panel } from '../ui/panel.tsx'
import { Failed, Shape } from '../ui/states.tsx'
import { SearchReach } from './search-reach.tsx'

/** Which devices read one's encrypted conversations, and what there is for the day on which they are lost. */
export function Encryption() {
  const { data: standing, error, refetch } = useQuery(encryptionQuery)
  return (
    <Panel
      title="Encryption"
      about="What is said in an encrypted conversation can be read on its members’ devices alone, and whoever runs the server sees only who talks there, when and how much. It does not protect what an unlocked device shows, nor what somebody could read before being removed."
    >
      {standing ? (
        <Known standing={standing} />
      ) : error ? (
        <Failed text={troubleText(error)} onRetry={() => void refetch()} />
      ) : (
        <Shape lines={4} />
      )}
      <SearchReach />
    </Panel>
  )
}

function Known({ standing }: { readonly standing: Standing }) {
  switch (standing.kind) {
    case 'unknown':
      return (
        <p role="status" className="text-dim">
          This device has not heard from the server yet. What there is to know is shown here once it has.
        </p>
      )
    case 'not-linked':
      return (
        <>
          <NotLinked waiting={standing.waiting} />
          <Devices isLinked={false} />
        </>
      )
    case 'ready':
      return standing.keyChanged ? (
        <>
          <KeyChanged />
          <Devices isLinked={false} />
        </>
      ) : (
        <>
          <Devices isLinked />
          <RecoveryCode recovery={standing.recovery} />
        </>
      )
  }
}
