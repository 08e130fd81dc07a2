import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { engine } from '../live/clients.ts'
import { useIncoming } from '../state/incoming.ts'
import { readInvitation } from './join-link.ts'
import { rememberServer } from './last-server.ts'
import type { Visit } from './visit.ts'

/** Goes to the server of an address or invite link that somebody typed. */
export function useLook(onFound: (visit: Visit) => void) {
  return useMutation({
    mutationFn: async (text: string): Promise<Visit> => {
      const invitation = readInvitation(text)
      const { url, info } = await engine.servers.look.query({ url: invitation?.server ?? text })
      return { url, info, secret: invitation?.server ? invitation.secret : '' }
    },
    onSuccess(visit) {
      rememberServer(visit.url)
      onFound(visit)
    },
  })
}

/** Follows an invite link that was opened outside of the app, before or while nobody is signed in. */
export function useOpenedInvitations(follow: (invitation: { server: string; secret: string }) => void): void {
  const invitation = useIncoming((state) => state.invitation)
  useEffect(() => {
    if (!invitation) return
    follow(invitation)
    useIncoming.setState({ invitation: null })
  }, [invitation, follow])
}
