import { complain } from '../../../live/act.ts'
import { desk, engine } from '../../../live/clients.ts'
import type { TimelineMessage } from '../../../live/queries.ts'
import { notice } from '../../../state/notices.ts'
import type { Attachment } from './use-picture.ts'

/** Asks where to, and writes it there. `transfers` says how far it is. */
export async function saveAttachment(
  { id, name }: Pick<Attachment, 'id' | 'name'>,
  { id: messageId }: Pick<TimelineMessage, 'id'>,
): Promise<void> {
  try {
    const chosen = await desk.files.save.mutate({ suggestedName: name })
    if (!chosen) return
    await engine.attachments.save.mutate({ id, messageId, handle: chosen.handle })
    notice({ tone: 'plain', text: `Saved as ${chosen.name}` })
  } catch (error) {
    complain(error)
  }
}
