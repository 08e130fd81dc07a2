import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { notice } from '../state/notices.ts'

/** Until the next morning, when most people want to hear of things again. Milliseconds since 1970. */
export function tomorrowMorning(now: Date): number {
  return new Date(
    now.getFullYear(),
    now.getMonth(),
    now.getDate() + (now.getHours() < 4 ? 0 : 1),
    8,
  ).getTime()
}

/** Quiet until the next morning, or not any more. */
export async function toggleDoNotDisturb(quiet: boolean): Promise<void> {
  try {
    await engine.notifications.setDoNotDisturb.mutate({ until: quiet ? null : tomorrowMorning(new Date()) })
    notice({
      tone: 'plain',
      text: quiet ? 'Notifications are on again.' : 'Nothing will disturb you until tomorrow at 8.',
    })
  } catch (error) {
    complain(error)
  }
}
