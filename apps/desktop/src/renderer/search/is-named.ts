import type { ConversationId } from '@parley/domain/ids'
import type { ConversationKey } from '../live/queries.ts'

/** Whether the server has named it: what waits to be made is known to this device alone. */
export const isNamed = (id: ConversationKey): id is ConversationId => !id.startsWith('local-')
