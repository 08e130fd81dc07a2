import type { MessageId } from '@parley/domain/ids'
import type { ConversationKey } from '../live/queries.ts'

export function ConversationScreen({
  id,
}: {
  readonly id: ConversationKey
  readonly messageId?: MessageId | undefined
}) {
  return <p>{id}</p>
}
