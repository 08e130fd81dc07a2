import { useEffect, useState } from 'react'
import { troubleText } from '../../../live/act.ts'
import { engine } from '../../../live/clients.ts'
import type { TimelineMessage } from '../../../live/queries.ts'

export type Attachment = TimelineMessage['attachments'][number]

interface Picture {
  /** Of its bytes; the one before it stays until it is there. */
  readonly url: string | null
  readonly trouble: string | null
  readonly retry: () => void
}

/** Brings the bytes of a picture, and gives them back to the memory when it is not shown any more. */
export function usePicture({ id, mediaType }: Pick<Attachment, 'id' | 'mediaType'>): Picture {
  const [url, setUrl] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [tries, setTries] = useState(0)
  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const bring = async () => {
      try {
        const bytes = await engine.attachments.bytes.query({ id }, { signal })
        if (signal.aborted) return
        setTrouble(null)
        setUrl(URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: mediaType })))
      } catch (error) {
        if (!signal.aborted) setTrouble(troubleText(error))
      }
    }
    void bring()
    return () => ending.abort()
  }, [id, mediaType, tries])
  useEffect(() => () => void (url !== null && URL.revokeObjectURL(url)), [url])
  return { url, trouble, retry: () => setTries(tries + 1) }
}
