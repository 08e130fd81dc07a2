import type { DeskRouter } from '../main/desk.ts'
import type { clientOver } from '../ports/caller.ts'
import type { NoticesPort } from './notices-port.ts'

/** The system's notices by way of main. What could not be told is not told later: it would be old by then. */
export function noticesOver(
  { notices }: ReturnType<typeof clientOver<DeskRouter>>,
  onDefect: (error: unknown) => void,
): NoticesPort {
  const told = (telling: Promise<unknown>) => void telling.catch(onDefect)
  return {
    show: (notice) => told(notices.show.mutate({ ...notice, silent: false })),
    withdraw: (which) => told(notices.withdraw.mutate(which)),
    badge: (unread) => told(notices.badge.mutate({ unread })),
    askAttention: () => told(notices.askAttention.mutate()),
    watchAttention(hear) {
      const watching = notices.attention.subscribe(undefined, { onData: hear, onError: onDefect })
      return { [Symbol.dispose]: () => watching.unsubscribe() }
    },
  }
}
