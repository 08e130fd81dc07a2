import { useEffect, useMemo } from 'react'
import type { TimelineMessage } from '../../live/queries.ts'
import { loadHighlighter, useHighlighter } from './highlighter.ts'
import { Fold } from './fold.tsx'
import { useGroupsNamed, useMyId, useUsernames } from './people-index.ts'
import { loadRendering, useRendering } from './rendering.ts'
import { isJumbo, isLong, isPlain } from './shape-of-text.ts'
import { followInText, followInTextByKey } from './follow-in-text.ts'

type Said = Pick<TimelineMessage, 'key' | 'mentions' | 'mentionsEveryone'>

/** What a message says: as it is where nothing is marked up, which is fast, or else as Markdown. */
export function MessageText({ text, said }: { readonly text: string; readonly said: Said }) {
  const words = isPlain(text) ? (
    <p className={isJumbo(text) ? 'jumbo' : ''}>{text}</p>
  ) : (
    <MarkedUp text={text} said={said} />
  )
  return (
    <div className="said max-w-[72ch] select-text">
      {isLong(text) ? <Fold name={said.key}>{words}</Fold> : words}
    </div>
  )
}

function MarkedUp({ text, said }: { readonly text: string; readonly said: Said }) {
  const hasCode = text.includes('```') || text.includes('~~~')
  const render = useRendering((state) => state.render)
  const highlight = useHighlighter((state) => (hasCode ? state.highlight : null))
  const usernames = useUsernames(said.mentions)
  const groupsNamed = useGroupsNamed(text)
  const me = useMyId()
  useEffect(() => {
    loadRendering()
    if (hasCode) loadHighlighter()
  }, [hasCode])
  const html = useMemo(() => {
    const people = new Map(usernames)
    const groups = new Map(groupsNamed)
    const everyone = said.mentionsEveryone
    return render?.(text, { people, groups, everyone, me: me ?? '', highlight }) ?? null
  }, [render, text, usernames, groupsNamed, said.mentionsEveryone, me, highlight])
  // React compares the object that holds it: the same one leaves the page as it is, with what is selected in it.
  const sanitised = useMemo(() => html !== null && { __html: html }, [html])
  return sanitised ? (
    <div
      onClick={followInText}
      onAuxClick={followInText}
      onKeyDown={followInTextByKey}
      dangerouslySetInnerHTML={sanitised}
    />
  ) : (
    <p>{text}</p>
  )
}
