import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { troubleText } from '../../../live/act.ts'
import { engine } from '../../../live/clients.ts'
import { connectionQuery, type TimelineMessage } from '../../../live/queries.ts'

export type Attachment = TimelineMessage['attachments'][number]

interface Picture {
  /** Of its bytes; the one before it stays until it is there. */
  readonly url: string | null
  readonly trouble: string | null
  readonly retry: () => void
}

/** Brings the bytes of a picture as a message shows it, or no message yet, and gives them back to the memory when it is not shown any more. */
export function usePicture(
  { id, mediaType }: Pick<Attachment, 'id' | 'mediaType'>,
  messageId: TimelineMessage['id'],
): Picture {
  const [url, setUrl] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const hasFailed = useRef(false)
  const [tries, setTries] = useState(0)
  const { data: isOnline } = useQuery({ ...connectionQuery, select: ({ kind }) => kind === 'online' })
  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const bring = async () => {
      try {
        const bytes = await engine.attachments.bytes.query({ id, messageId }, { signal })
        if (signal.aborted) return
        hasFailed.current = false
        setTrouble(null)
        setUrl(URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: mediaType })))
      } catch (error) {
        if (signal.aborted) return
        hasFailed.current = true
        setTrouble(troubleText(error))
      }
    }
    void bring()
    return () => ending.abort()
  }, [id, messageId, mediaType, tries])
  // What could not be brought is asked for again by itself, once there is a connection again.
  useEffect(() => {
    if (isOnline && hasFailed.current) setTries((now) => now + 1)
  }, [isOnline])
  useEffect(() => () => void (url !== null && URL.revokeObjectURL(url)), [url])
  return { url, trouble, retry: () => setTries((now) => now + 1) }
}
