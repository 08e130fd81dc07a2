import { useEffect, useState } from 'react'
import { troubleText } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import type { Asked } from '../live/queries.ts'
import { type Filters, sentAfter } from './filters.ts'
import { wordsIn } from './highlight.ts'
import { emptyResults, type Page, type Results, withPage } from './results.ts'

/** Somebody who types on is not interrupted by what came of fewer letters. */
const typingMs = 120

type Wish = Asked['messages']['searchEverywhere']

interface Search extends Results {
  /** Nothing to look for was typed yet. */
  readonly idle: boolean
  /** Brings the page of older ones; null when there is no more. */
  readonly showOlder: (() => void) | null
}

/**
 * Looks through what is held at once, and takes in what the server finds when it comes. Whether that is asked, the
 * engine decides; a search is made anew when it is to be decided otherwise.
 */
export function useSearch(words: string, filters: Filters, asksServer: boolean): Search {
  const [results, setResults] = useState<Results>(emptyResults)
  const [before, setBefore] = useState<Page['next']>(null)
  const { conversationId, authorId, when } = filters
  const idle = wordsIn(words).length === 0
  const asked = JSON.stringify([words.trim(), conversationId, authorId, when, asksServer])
  const [askedBefore, setAskedBefore] = useState(asked)
  if (askedBefore !== asked) {
    setAskedBefore(asked)
    setBefore(null)
    if (idle) setResults(emptyResults)
  }

  useEffect(() => {
    if (idle) return
    const after = sentAfter(when, new Date())
    const wish: Wish = {
      words: words.trim(),
      ...(conversationId !== null && { conversationId }),
      ...(authorId !== null && { authorId }),
      ...(after !== null && { sentAfter: after }),
      ...(before !== null && { before }),
    }
    let stop = () => {}
    const ask = () => {
      setResults((now) => ({ ...now, busy: true, problem: null }))
      const asking = engine.messages.searchEverywhere.subscribe(wish, {
        onData: (page) => setResults((now) => withPage(now, page, before)),
        onError: (error) => setResults((now) => ({ ...now, busy: false, problem: troubleText(error) })),
        onComplete: () => setResults((now) => ({ ...now, busy: false })),
      })
      stop = () => asking.unsubscribe()
    }
    const waiting = setTimeout(ask, before === null ? typingMs : 0)
    return () => {
      clearTimeout(waiting)
      stop()
    }
  }, [words, conversationId, authorId, when, asksServer, before, idle])

  const { next, busy } = results
  return { ...results, idle, showOlder: next === null || busy ? null : () => setBefore(next) }
}
