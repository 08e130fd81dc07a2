import type { NotifyEvent } from '@parley/sync/views'

/** As the desk takes them. */
const titleCharsMax = 200
const bodyCharsMax = 300

export interface NoticeText {
  readonly title: string
  readonly body: string
}

/** Who said what, and in a group where. */
export function messageNotice(event: Extract<NotifyEvent, { kind: 'message' }>): NoticeText {
  const { author, group, text, attachments } = event
  const name = author ?? 'Somebody'
  const said = text === null ? 'An encrypted message' : plainLine(text) || filesText(attachments)
  return group === null ? cut(name, said) : cut(group, `${name}: ${said}`)
}

/** The same, with the server that it is of; null where there is but one. */
export const on = (server: string | null, { title, body }: NoticeText): NoticeText =>
  server === null ? { title, body } : cut(`${title} · ${server}`, body)

/** That more was missed than anybody wants to hear of one by one. */
export function missedNotice(event: Extract<NotifyEvent, { kind: 'missed' }>): NoticeText {
  const { messages, mentions, conversationIds } = event
  const places = conversationIds.length
  return cut(
    `${String(messages)} new messages`,
    [
      places > 1 ? `In ${String(places)} conversations.` : '',
      mentions > 0 ? `You are mentioned ${mentions === 1 ? 'once' : `${String(mentions)} times`}.` : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  )
}

const filesText = (count: number) => (count > 1 ? `Sent ${String(count)} files` : 'Sent a file')

/** Markdown as a line of text: the system's notices show it as it is. */
export function plainLine(text: string): string {
  return text
    .slice(0, bodyCharsMax * 3)
    .replaceAll(/^```[^\n]*$/gm, '')
    .replaceAll(/^\s*(?:[-+*>]|#{1,6}|\d+[.)])\s+/gm, '')
    .replaceAll(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replaceAll(/(\*\*|__|~~|`+|(?<!\w)[*_]|[*_](?!\w))/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

const cut = (title: string, body: string): NoticeText => ({
  title: shortened(title, titleCharsMax),
  body: shortened(body, bodyCharsMax),
})

/** Counts in whole characters, so that none is cut in two. */
function shortened(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const end = text.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, '')
  return `${end}…`
}
