import type { MessageId } from '@parley/domain/ids'
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import type { ConversationKey } from '../live/queries.ts'
import { notice } from '../state/notices.ts'
import { replacePlace, usePlace } from '../state/place.ts'
import type { MessageKey } from './composing.ts'
import { connected } from './timeline/connected.ts'
import type { Paging } from './timeline/paging.ts'
import type { Shown } from './timeline/shown.ts'
import { isLocal, openWhereLeft } from './timeline/use-paging.ts'
import type { Place } from './timeline/use-scrolling.ts'

const markedMs = 2_500

interface JumpsOf {
  readonly id: ConversationKey
  readonly paging: Paging
  readonly shown: Shown
  /** The message that the place names. */
  readonly messageId: MessageId | undefined
}

interface Jumps {
  readonly goTo: (message: MessageKey) => void
  readonly jumpToDate: (at: number) => void
  readonly markedKey: string | null
  readonly cameFrom: Place | null
  readonly comeBack: () => void
  readonly placeRef: RefObject<() => Place | null>
}

/** Goes to messages that are elsewhere in the conversation, marks them for a moment, and knows the way back. */
export function useJumps({ id, paging, shown, messageId }: JumpsOf): Jumps {
  const placeRef = useRef<() => Place | null>(() => null)
  const [cameFrom, setCameFrom] = useState<Place | null>(null)
  const [marked, setMarked] = useState<MessageKey | null>(null)

  const show = useCallback(
    async (target: MessageId) => {
      try {
        if (await paging.goTo(target)) {
          setMarked(target)
          return
        }
        notice({ tone: 'plain', text: 'This message is not there any more.' })
      } catch (error) {
        complain(error)
      }
      // Where it was gone to, its surroundings are on their way; otherwise nothing is.
      if (!paging.snapshot().ready) openWhereLeft(paging, id)
    },
    [paging, id],
  )

  const goTo = useCallback(
    (message: MessageKey) => {
      const named =
        typeof message === 'number'
          ? message
          : (paging.snapshot().items.find(({ key }) => key.endsWith(` ${message}`))?.id ?? null)
      if (named === null) return
      setCameFrom(placeRef.current())
      void show(named)
    },
    [paging, show],
  )

  const jumpToDate = useCallback(
    (at: number) => {
      if (isLocal(id)) return
      const from = placeRef.current()
      const find = async () => {
        await connected()
        return engine.messages.fillAtTime.mutate({ conversationId: id, at })
      }
      find().then((found) => {
        if (found === null) notice({ tone: 'plain', text: 'Nothing was said on that day or after it.' })
        else {
          setCameFrom(from)
          void show(found)
        }
      }, complain)
    },
    [id, show],
  )

  useEffect(() => {
    if (messageId !== undefined) void show(messageId)
  }, [messageId, show])

  useEffect(() => {
    if (marked === null) return
    const timer = setTimeout(() => {
      setMarked(null)
      // Once it was shown it is a place like any other: going to the same message again is possible.
      const { place } = usePlace.getState()
      if (place.kind === 'conversation' && place.id === id && place.messageId === marked) {
        replacePlace({ kind: 'conversation', id })
      }
    }, markedMs)
    return () => clearTimeout(timer)
  }, [marked, id])

  const comeBack = () => {
    if (cameFrom) {
      paging.open(
        { kind: 'around', messageId: cameFrom.id },
        { kind: 'message', id: cameFrom.id, offset: cameFrom.offset },
      )
    }
    setCameFrom(null)
  }

  const markedKey = marked === null ? null : (shown.items.find((each) => each.id === marked)?.key ?? null)
  return { goTo, jumpToDate, markedKey, cameFrom, comeBack, placeRef }
}
