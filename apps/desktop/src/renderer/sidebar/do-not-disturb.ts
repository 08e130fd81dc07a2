import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { notice } from '../state/notices.ts'
import { tomorrowMorning } from './tomorrow-morning.ts'

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
