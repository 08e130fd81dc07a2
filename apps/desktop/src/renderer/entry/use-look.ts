import { useMutation } from '@tanstack/react-query'
import { useEffect } from 'react'
import { desk, engine } from '../live/clients.ts'
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

/** Follows invite links that are opened outside of the app while nobody is signed in. */
export function useOpenedInvitations(follow: (invitation: { server: string; secret: string }) => void): void {
  useEffect(() => {
    const listening = desk.commands.subscribe(undefined, {
      onData(command) {
        if (command.kind === 'join') follow(command)
      },
    })
    return () => listening.unsubscribe()
  }, [follow])
}
