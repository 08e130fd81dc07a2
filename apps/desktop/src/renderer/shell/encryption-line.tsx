import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import {
  conversationsQuery,
  type ConversationView,
  encryptionQuery,
  recoveryPutOffQuery,
} from '../live/queries.ts'

// Seldom there, and never at the first paint.
const NotLinkedBanner = lazy(() =>
  import('../encryption/encryption-banner.tsx').then((module) => ({ default: module.NotLinkedBanner })),
)
const RecoveryBanner = lazy(() =>
  import('../encryption/encryption-banner.tsx').then((module) => ({ default: module.RecoveryBanner })),
)

const anySealed = (conversations: readonly ConversationView[]) =>
  conversations.some(({ conversation }) => conversation.sealed)

/** What is to be done so that encrypted conversations can be read, here and later. Who has none is not asked. */
export function EncryptionLine() {
  const { data: standing } = useQuery(encryptionQuery)
  const { data: isPutOff = true } = useQuery(recoveryPutOffQuery)
  const { data: hasSealed = false } = useQuery({ ...conversationsQuery, select: anySealed })
  if (!standing || !hasSealed) return null
  return (
    <Suspense>
      {standing.kind === 'not-linked' && <NotLinkedBanner waiting={standing.waiting} />}
      {standing.kind === 'ready' && standing.recovery === 'none' && !standing.keyChanged && !isPutOff && (
        <RecoveryBanner />
      )}
    </Suspense>
  )
}
