import { useLayoutEffect, useState } from 'react'
import { engine } from '../live/clients.ts'
import { forgetVisits } from '../conversation/timeline/visits.ts'
import { followOpened } from '../sidebar/order.ts'
import { closeOverlay, useOverlay } from '../state/overlay.ts'
import { usePlace } from '../state/place.ts'
import { isRecord } from './is-record.ts'
import { layoutToKeep, restoreLayout, useLayout } from './layout.ts'
import { restoreWhereabouts, whereaboutsToKeep } from './whereabouts.ts'

/** Somebody who moves the edge of the sidebar has it written down once. */
const keepAfterMs = 400

/** Opens the window as the account left it, and writes down how it is left. */
export function useRememberedWindow(accountKey: string, kept: unknown): void {
  // Before the first paint, so that nothing is shown that is then replaced.
  useState(() => {
    forgetVisits()
    const { layout, whereabouts } = isRecord(kept) ? kept : {}
    restoreLayout(layout)
    restoreWhereabouts(whereabouts)
  })
  useLayoutEffect(() => {
    closeOverlayOfOther()
    const stops = [keepWindow(accountKey), followOpened()]
    return () => {
      for (const stop of stops) stop()
    }
  }, [accountKey])
}

/** Writes every change down, of a width that is being moved the last one. @returns what stops it. */
function keepWindow(account: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const keep = () => {
    clearTimeout(timer)
    const state = { layout: layoutToKeep(), whereabouts: { ...whereaboutsToKeep() } }
    // What is lost is where one was, and nothing else.
    engine.window.leave.mutate({ account, state }).catch(() => {})
  }
  const stops = [
    usePlace.subscribe(keep),
    useLayout.subscribe((now, before) => {
      clearTimeout(timer)
      if (now.sidebarWidth === before.sidebarWidth) keep()
      else timer = setTimeout(keep, keepAfterMs)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    clearTimeout(timer)
  }
}

/** What lay over the window of another account goes, but for an invitation on which one came here. */
function closeOverlayOfOther(): void {
  const { overlay } = useOverlay.getState()
  if (overlay && !(overlay.kind === 'join' && overlay.link.conversationId !== null)) closeOverlay()
}
