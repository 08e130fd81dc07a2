import { useQuery } from '@tanstack/react-query'
import { type Transfer, transfersQuery } from '../../../live/queries.ts'

/** How far the bytes of an attachment are on their way; null when they are not. */
export function useTransfer(id: Transfer['attachmentId']): Transfer | null {
  const { data } = useQuery({
    ...transfersQuery,
    select: (transfers) => transfers.find(({ attachmentId }) => attachmentId === id) ?? null,
  })
  return data ?? null
}
