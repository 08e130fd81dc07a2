import { useQuery } from '@tanstack/react-query'
import { type ConversationView, type SealedNotice, sealedNoticesQuery } from '../live/queries.ts'

const none: readonly SealedNotice[] = []

/** What happened to the keys of a conversation; nothing of one that is plain. */
export function useSealedNotices({ id, conversation }: ConversationView): readonly SealedNotice[] {
  const { data } = useQuery({ ...sealedNoticesQuery(id), enabled: conversation.sealed })
  return data?.notices ?? none
}
