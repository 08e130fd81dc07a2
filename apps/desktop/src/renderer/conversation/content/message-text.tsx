import { useEffect, useMemo } from 'react'
import type { TimelineMessage } from '../../live/queries.ts'
import type { MarkdownSurroundings } from './markdown.ts'
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

interface MarkedUpProps {
  readonly text: string
  readonly said: Said
}

/** Who and what a text may name is asked for only where it names something: most texts do not. */
function MarkedUp({ text, said }: MarkedUpProps) {
  const names = said.mentions.length > 0 || said.mentionsEveryone || text.includes('#')
  return names ? <Naming text={text} said={said} /> : <Rendered text={text} names={noNames} />
}

const noNames = {
  people: new Map<string, string>(),
  groups: new Map<string, string>(),
  everyone: false,
  me: '',
}

function Naming({ text, said }: MarkedUpProps) {
  const usernames = useUsernames(said.mentions)
  const groupsNamed = useGroupsNamed(text)
  const me = useMyId()
  const everyone = said.mentionsEveryone
  const names = useMemo(
    () => ({ people: new Map(usernames), groups: new Map(groupsNamed), everyone, me: me ?? '' }),
    [usernames, groupsNamed, everyone, me],
  )
  return <Rendered text={text} names={names} />
}

interface RenderedProps {
  readonly text: string
  readonly names: Omit<MarkdownSurroundings, 'highlight'>
}

function Rendered({ text, names }: RenderedProps) {
  const hasCode = text.includes('```') || text.includes('~~~')
  const render = useRendering((state) => state.render)
  const highlight = useHighlighter((state) => (hasCode ? state.highlight : null))
  useEffect(() => {
    loadRendering()
    if (hasCode) loadHighlighter()
  }, [hasCode])
  const html = useMemo(
    () => render?.(text, { ...names, highlight }) ?? null,
    [render, text, names, highlight],
  )
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
