import { useQuery } from '@tanstack/react-query'
import { type Encryption, encryptionQuery } from '../live/queries.ts'

/** Why this device cannot begin an encrypted conversation yet; null where it can. */
export function whyNotSealed(standing: Encryption): string | null {
  switch (standing.kind) {
    case 'ready':
      return null
    case 'unknown':
      return 'This device makes its keys once it has reached the server. It can encrypt from then on.'
    case 'not-linked':
      return standing.waiting
        ? 'Your other device has not let this one in yet. It can encrypt from then on.'
        : 'This device is not linked to your others yet, so it cannot encrypt.'
  }
}

export function useWhyNotSealed(): string | null {
  const { data: standing } = useQuery(encryptionQuery)
  return standing ? whyNotSealed(standing) : null
}
