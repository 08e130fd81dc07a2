import { useLayoutEffect, useState } from 'react'
import { followOpened } from '../sidebar/order.ts'
import { closeOverlay, useOverlay } from '../state/overlay.ts'
import { rememberLayout, restoreLayout } from './layout.ts'
import { rememberWhereabouts, restoreWhereabouts } from './whereabouts.ts'

/** Opens the window as the account left it, and writes down how it is left. */
export function useRememberedWindow(accountKey: string): void {
  // Before the first paint, so that nothing is shown that is then replaced.
  useState(() => {
    restoreLayout(accountKey)
    restoreWhereabouts(accountKey)
  })
  useLayoutEffect(() => {
    closeOverlayOfOther()
    const stops = [rememberLayout(accountKey), rememberWhereabouts(accountKey), followOpened()]
    return () => {
      for (const stop of stops) stop()
    }
  }, [accountKey])
}

/** What lay over the window of another account goes, but for an invitation on which one came here. */
function closeOverlayOfOther(): void {
  const { overlay } = useOverlay.getState()
  if (overlay && !(overlay.kind === 'join' && overlay.link.conversationId !== null)) closeOverlay()
}
