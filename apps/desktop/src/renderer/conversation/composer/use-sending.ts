import { act } from '../../live/act.ts'
import { queryClient } from '../../live/live.ts'
import { type ConversationView, peopleQuery } from '../../live/queries.ts'
import { type Composing, saidSomething, startNew } from '../composing.ts'
import { mentionedIn } from '../content/names-in-text.ts'
import { usernamesOf } from '../content/people-index.ts'
import { dropEarly, earlyMessage, showEarly } from './early.ts'
import { newMessageId } from './new-message-id.ts'
import { cleaned, unsayable } from './sayable.ts'
import type { Files } from './use-files.ts'

const earlyShownMs = 2_000
const noGroups: ReadonlyMap<string, string> = new Map()

/** The text of a message with whom it mentions, or why it is not to be sent. */
function saidBy({ conversation }: ConversationView, written: string) {
  const text = cleaned(written)
  const people = usernamesOf(queryClient.getQueryData(peopleQuery.queryKey) ?? [])
  const isGroup = conversation.kind === 'group'
  const { mentions, everyone } = mentionedIn(text, { people, groups: noGroups, everyone: isGroup })
  const trouble = unsayable(text, mentions.length)
  if (trouble !== null) return { trouble, said: null }
  const said = {
    content: { kind: 'plain' as const, text },
    ...(mentions.length > 0 && { mentions: [...mentions] }),
    ...(everyone && { mentionsEveryone: true }),
  }
  return { trouble: null, said }
}

const idsOf = (mentions: readonly string[] | undefined) =>
  mentions
    ? (queryClient.getQueryData(peopleQuery.queryKey) ?? [])
        .map(({ id }) => id)
        .filter((id) => mentions.includes(id))
    : []

interface Sending {
  readonly view: ConversationView
  readonly composing: Composing
  readonly written: string
  readonly files: Files
  /** It is not sent, for a reason that is to be shown. */
  readonly onTrouble: (why: string) => void
  /** The field is for the next message. */
  readonly onSent: () => void
  /** It was not accepted after all. */
  readonly onRefused: () => void
}

/** Sends what is written, or the edit of it. */
export function sendWritten(sending: Sending): void {
  const { view, composing, written, files, onTrouble, onSent, onRefused } = sending
  const conversationId = view.id
  const isEmpty = written.trim() === ''
  if (composing.kind === 'edit') {
    if (isEmpty) return onTrouble('An edited message says something. It can be deleted instead.')
    const { said, trouble } = saidBy(view, written)
    if (!said) return onTrouble(trouble)
    const edited = act({ kind: 'edit', conversationId, messageId: composing.of, ...said })
    onSent()
    void edited.then((operation) => operation ?? onRefused())
    return
  }
  if (files.adding.length > 0) {
    return onTrouble('A moment: your files are still being added.')
  }
  if (isEmpty && files.there.length === 0) return
  const { said, trouble } = saidBy(view, written)
  if (!said) return onTrouble(trouble)
  const carried = files.there
  const attachments = [...files.send()]
  const operationId = newMessageId()
  const sent = act(
    {
      kind: 'send',
      conversationId,
      ...said,
      ...(composing.kind === 'reply' && { replyTo: composing.to }),
      ...(attachments.length > 0 && { attachments }),
    },
    operationId,
  )
  const early = earlyMessage({
    conversationId,
    operationId,
    composing,
    text: said.content.text,
    mentions: idsOf(said.mentions),
    mentionsEveryone: said.mentionsEveryone ?? false,
    files: carried,
  })
  if (early) showEarly(conversationId, early)
  startNew(conversationId)
  saidSomething()
  onSent()
  void sent.then((operation) => {
    // The engine shows it from now on, also where the page is not at the end.
    if (early) setTimeout(() => dropEarly(conversationId, early.key), operation ? earlyShownMs : 0)
    if (operation) return
    files.takeBack(attachments)
    onRefused()
  })
}
