import { useEffect } from 'react'
import { engine } from '../live/clients.ts'
import { openConversation } from '../sidebar/order.ts'
import type { Place } from '../state/place.ts'

/** Tells the engine which conversation is to be seen, so that nobody is notified of what is before their eyes. */
export function useLookedAt(place: Place): void {
  const conversationId = openConversation(place)
  useEffect(() => {
    // Not to be told costs a notification too many, and nothing else.
    engine.notifications.lookAt.mutate({ conversationId }).catch(() => {})
  }, [conversationId])
}
