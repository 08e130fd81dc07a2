import MarkdownParser, { type Env, type MarkdownIt } from 'markdown-it'
import { linkAddress } from './addresses.ts'
import { type Nameable, nameAt } from './names-in-text.ts'

export type Highlight = (code: string, language: string) => string | null

export interface MarkdownSurroundings extends Nameable {
  /** Who reads it. */
  readonly me: string
  /** Null until the highlighter was loaded. */
  readonly highlight: Highlight | null
}

/** Domains that are made links of when nothing says `https://`; of others too many are names of files, as `notes.md`. */
const domains = 'com org net edu gov info dev app eu de ch at fr uk nl es be se no dk fi us ca jp'.split(' ')

const rules = {
  core: ['linkify'],
  block: ['blockquote', 'fence', 'heading', 'list'],
  inline: ['backticks', 'emphasis', 'escape', 'link', 'linkify', 'newline', 'strikethrough'],
  inline2: ['balance_pairs', 'emphasis', 'strikethrough', 'fragments_join'],
} as const

/** Markdown as chat needs it. Whatever else is written stays text: HTML, images, tables. */
function makeMarkdown(): MarkdownIt {
  const markdown = new MarkdownParser('zero', { html: false, linkify: true, breaks: true })
  markdown.enable([...rules.core, ...rules.block, ...rules.inline, ...rules.inline2], true)
  markdown.linkify
    .tlds(domains, false)
    .add('ftp:', null)
    .add('//', null)
    .add('parley:', { validate: ownLink })
  markdown.validateLink = (address) => linkAddress(address) !== null
  addNames(markdown)
  addLooks(markdown)
  return markdown
}

/** How long the rest of a link of ours is, behind its `parley:`. The end of a sentence is no part of it. */
function ownLink(text: string, at: number): number {
  const rest = /^\/\/(?:open|join)\b[^\s<>"'`)\]]*/.exec(text.slice(at, at + 2_000))?.[0] ?? ''
  return rest.replace(/[.,;:!?]+$/, '').length
}

let made: MarkdownIt | null = null

/** The HTML of a text. It is still to be sanitised: what is here is the first wall of two. */
export const htmlOf = (text: string, surroundings: MarkdownSurroundings): string =>
  (made ??= makeMarkdown()).render(text, { surroundings })

function surroundingsOf(env: Env | undefined): MarkdownSurroundings {
  const surroundings = env?.surroundings
  if (!isSurroundings(surroundings)) throw new Error('Markdown is rendered by htmlOf alone')
  return surroundings
}

const isSurroundings = (value: unknown): value is MarkdownSurroundings =>
  typeof value === 'object' && value !== null && 'highlight' in value

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => signs[sign] ?? '')

/** `@somebody`, `@everyone` and `#group`, where they are known. */
function addNames({ inline, renderer }: MarkdownIt): void {
  inline.ruler.before('emphasis', 'name', (state, silent) => {
    const sign = state.src[state.pos]
    if ((sign !== '@' && sign !== '#') || state.linkLevel > 0) return false
    const named = nameAt(state.src, state.pos, surroundingsOf(state.env))
    if (!named) return false
    if (!silent) {
      const token = state.push('name', '', 0)
      token.content = state.src.slice(state.pos, state.pos + named.length)
      token.meta = named
    }
    state.pos += named.length
    return true
  })
  renderer.rules.name = (tokens, index, _options, env) => {
    const { content = '' } = tokens[index] ?? {}
    const surroundings = surroundingsOf(env)
    const named = nameAt(content, 0, surroundings)
    if (named?.kind === 'everyone') return `<span class="name me">${escaped(content)}</span>`
    if (!named) return escaped(content)
    const mine = named.kind === 'person' && named.id === surroundings.me
    return `<span class="name${mine ? ' me' : ''}" role="button" tabindex="0" data-${named.kind}="${escaped(named.id)}">${escaped(content)}</span>`
  }
}

function addLooks({ renderer }: MarkdownIt): void {
  const { rules: looks } = renderer
  looks.heading_open = () => '<p><strong>'
  looks.heading_close = () => '</strong></p>'
  looks.softbreak = () => '<br>'
  looks.hardbreak = () => '<br>'
  looks.link_open = (tokens, index) => {
    const address = linkAddress(String(tokens[index]?.attrGet('href'))) ?? ''
    // The tip says where it leads, whatever its words are.
    return `<a href="${escaped(address)}" title="${escaped(address)}">`
  }
  looks.fence = (tokens, index, _options, env) => {
    const { content = '', info = '' } = tokens[index] ?? {}
    const language = /^[\w+#-]{1,20}/.exec(info.trim())?.[0] ?? ''
    const code = surroundingsOf(env).highlight?.(content, language) ?? escaped(content)
    return (
      `<div class="code"><div class="code-head"><span>${escaped(language)}</span>` +
      `<button type="button" data-copy>Copy</button></div><pre tabindex="0"><code>${code}</code></pre></div>`
    )
  }
}
