import { Lru } from './lru.ts'
import { htmlOf, type MarkdownSurroundings } from './markdown.ts'
import { sanitised } from './sanitise.ts'

const renderedMax = 1_000

const rendered = new Lru<string, string>(renderedMax)

/** The HTML of a text, made once for as long as it is looked at. What it is made of is its key, so an edit is another. */
export function renderedHtml(text: string, surroundings: MarkdownSurroundings): string {
  const key = `${keyOf(surroundings)}\n${text}`
  const held = rendered.get(key)
  if (held !== undefined) return held
  const html = sanitised(htmlOf(text, surroundings))
  rendered.put(key, html)
  return html
}

const keyOf = ({ people, groups, everyone, me, highlight }: MarkdownSurroundings): string =>
  [me, everyone, highlight !== null, ...[...people, ...groups].flat()].join(' ')
