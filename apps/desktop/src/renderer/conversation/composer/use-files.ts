import { attachmentBytesMax, attachmentsPerMessageMax } from '@parley/domain/limits'
import { useCallback, useEffect, useRef, useState } from 'react'
import { complain, troubleText } from '../../live/act.ts'
import { desk, engine } from '../../live/clients.ts'
import type { ConversationKey, Draft } from '../../live/queries.ts'
import { notice } from '../../state/notices.ts'
import { mediaTypeOf } from '../content/attachments/kinds-of-files.ts'
import { sizeWords } from '../content/attachments/size-words.ts'
import { handOver } from './handing-over.ts'

/** A file on its way into the draft. */
export interface Adding {
  readonly key: number
  readonly name: string
  readonly bytes: number
  readonly doneBytes: number
  readonly cancel: () => void
}

type DraftFiles = Draft['attachments']

export interface Files {
  readonly there: DraftFiles
  readonly adding: readonly Adding[]
  /** Of a drop or a paste. */
  readonly add: (files: readonly File[]) => void
  readonly pick: () => Promise<void>
  readonly remove: (id: DraftFiles[number]['id']) => void
  /** They go with a message: they are not shown here any more. */
  readonly send: () => readonly string[]
  /** The message was not taken. */
  readonly takeBack: (ids: readonly string[]) => void
}

let nextKey = 1
const complainOf = (name: string, error: unknown) =>
  notice({ tone: 'danger', text: `${name} was not added. ${troubleText(error)}` })

/** The files of a conversation's draft. They are in the store at once, so they outlive the window. */
export function useFiles(conversationId: ConversationKey, inDraft: DraftFiles): Files {
  const [adding, setAdding] = useState<readonly Adding[]>([])
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    // One that went with a message and was taken back is there again.
    const ids = new Set<string>(inDraft.map(({ id }) => id))
    setGone((now) => (now.isSubsetOf(ids) ? now : now.intersection(ids)))
  }, [inDraft])
  const there = inDraft.filter(({ id }) => !gone.has(id))
  const count = useRef(0)
  count.current = there.length + adding.length

  const last = useRef(Promise.resolve())

  const bring = useCallback(
    async (
      name: string,
      bytes: number,
      work: (signal: AbortSignal, onProgress: (done: number) => void) => Promise<unknown>,
    ) => {
      const trouble = refusalOf(bytes, count.current)
      if (trouble !== null) return notice({ tone: 'danger', text: `${name} was not added. ${trouble}` })
      count.current += 1
      const key = nextKey++
      const ending = new AbortController()
      const cancel = () => ending.abort()
      setAdding((now) => [...now, { key, name, bytes, doneBytes: 0, cancel }])
      // One after the other, so that they keep the order in which they were chosen.
      const before = last.current
      const { promise: done, resolve } = Promise.withResolvers<void>()
      last.current = done
      try {
        await before
        ending.signal.throwIfAborted()
        await work(ending.signal, (doneBytes) =>
          setAdding((now) => now.map((each) => (each.key === key ? { ...each, doneBytes } : each))),
        )
      } catch (error) {
        if (!ending.signal.aborted) complainOf(name, error)
      } finally {
        resolve()
        setAdding((now) => now.filter((each) => each.key !== key))
      }
    },
    [],
  )

  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        void bring(file.name, file.size, (signal, onProgress) =>
          handOver(conversationId, file, { signal, onProgress }),
        )
      }
    },
    [bring, conversationId],
  )

  const pick = async () => {
    const chosen = await desk.files.pick.mutate().catch(complain)
    for (const { handle, name, bytes } of chosen ?? []) {
      const mediaType = mediaTypeOf(name)
      void bring(name, bytes, () =>
        engine.attachments.addChosen.mutate({ conversationId, name, mediaType, handle }),
      )
    }
  }

  const hide = (ids: readonly string[]) => setGone((now) => new Set([...now, ...ids]))
  const takeBack = (ids: readonly string[]) => setGone((now) => now.difference(new Set(ids)))
  return {
    there,
    adding,
    add,
    pick,
    remove(id) {
      hide([id])
      void engine.attachments.remove.mutate({ id }).catch(() => takeBack([id]))
    },
    send() {
      const ids = there.map(({ id }) => id)
      hide(ids)
      return ids
    },
    takeBack,
  }
}

function refusalOf(bytes: number, count: number): string | null {
  if (bytes > attachmentBytesMax) return `A file has ${sizeWords(attachmentBytesMax)} at most.`
  return count >= attachmentsPerMessageMax
    ? `A message carries ${String(attachmentsPerMessageMax)} files at most.`
    : null
}
