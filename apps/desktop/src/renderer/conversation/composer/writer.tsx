import { useQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { engine } from '../../live/clients.ts'
import { type ConversationView, type Draft, meQuery, peopleQuery } from '../../live/queries.ts'
import { titleOf } from '../../sidebar/title-of.ts'
import { composingOf, startNew, useComposing, useFocusAsked } from '../composing.ts'
import { AboutBar } from './about-bar.tsx'
import { Completion } from './completion.tsx'
import { DropPlace } from './drop-place.tsx'
import { FileStrip } from './file-strip.tsx'
import { caretAtEnd } from './text-field.ts'
import { useRedrawing } from './taking-back.ts'
import { Tools } from './tools.tsx'
import { Underline } from './underline.tsx'
import { useCompletion } from './use-completion.ts'
import { useEditing } from './use-editing.ts'
import { useFiles } from './use-files.ts'
import { useKeptDraft } from './use-kept-draft.ts'
import { sendWritten } from './use-sending.ts'
import { WritingField } from './writing-field.tsx'

interface WriterProps {
  readonly view: ConversationView
  /** As it is when the conversation is opened; from then on its files alone are followed. */
  readonly draft: Draft | null
}

const noFiles: Draft['attachments'] = []

/** The field, what belongs to it, and what may be done with it. */
export function Writer({ view, draft }: WriterProps) {
  const { id } = view
  const field = useRef<HTMLTextAreaElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const [text, setText] = useState(draft?.text ?? '')
  const [trouble, setTrouble] = useState<string | null>(null)
  const [caret, setCaret] = useState<number | null>(null)
  const composing = useComposing(id)
  const files = useFiles(id, draft?.attachments ?? noFiles)
  const completing = useCompletion(view, field, text, caret)
  const forget = useKeptDraft(id, text, draft, composing)
  const replace = useReplacing(field, setText)
  useEditing(id, draft, composing, { get: () => field.current?.value ?? '', set: replace })
  useRedrawing(id, replace)
  useFocus(field)
  useNearness()
  const { data: me } = useQuery(meQuery)
  const title = titleOf(view)
  const isEditing = composing.kind === 'edit'

  const addFiles = isEditing ? () => setTrouble('Files go with a new message, not with an edit.') : files.add

  const send = () => {
    const written = field.current?.value ?? text
    sendWritten({
      view,
      composing: composingOf(id),
      written,
      files,
      onTrouble: setTrouble,
      onSent() {
        setText('')
        setCaret(null)
        if (isEditing) startNew(id)
        else forget()
        field.current?.focus()
      },
      onRefused: () => setText((now) => (now === '' ? written : now)),
    })
  }

  return (
    <>
      <div
        ref={frame}
        className="relative rounded-large border border-line bg-raised transition-colors duration-100 focus-within:border-line-strong"
      >
        {completing && (
          <Completion
            id={completing.id}
            choices={completing.choices}
            active={completing.active}
            onTake={completing.take}
          />
        )}
        <AboutBar conversationId={id} composing={composing} />
        {!isEditing && <FileStrip files={files} />}
        <div className="flex items-end gap-1 p-1">
          <WritingField
            ref={field}
            conversationId={id}
            label={`Message to ${title}`}
            placeholder={isEditing ? 'Edit the message' : `Message ${title}`}
            me={me?.id ?? null}
            text={text}
            completing={completing}
            onText={(next) => {
              setText(next)
              setTrouble(null)
              if (next !== '' && !isEditing) sayTyping(id)
            }}
            onCaret={setCaret}
            onSend={send}
            onFiles={addFiles}
          />
          <Tools
            field={field}
            isEditing={isEditing}
            canSend={text.trim() !== '' || (!isEditing && files.there.length > 0)}
            onPick={() => void files.pick().then(() => field.current?.focus())}
            onSend={send}
          />
        </div>
      </div>
      <DropPlace within={frame} to={title} onFiles={addFiles} />
      <Underline text={text} trouble={trouble} />
    </>
  )
}

/** Puts another text into the field, with the caret at its end. */
function useReplacing(
  field: { readonly current: HTMLTextAreaElement | null },
  setText: (text: string) => void,
) {
  const [replaced, setReplaced] = useState(0)
  useLayoutEffect(() => {
    if (replaced > 0 && field.current) caretAtEnd(field.current)
  }, [field, replaced])
  return useCallback(
    (text: string) => {
      setText(text)
      setReplaced((times) => times + 1)
    },
    [setText],
  )
}

/** Somebody who goes through the messages by keyboard, or answers a dialog, is left where they are. */
const busyElsewhere = '[role=log], [role=dialog], [role=alertdialog], [role=menu], input, textarea'

function useFocus(field: { readonly current: HTMLTextAreaElement | null }): void {
  const asked = useFocusAsked()
  const answered = useRef(asked)
  useEffect(() => {
    if (field.current && !document.activeElement?.closest(busyElsewhere)) caretAtEnd(field.current)
  }, [field])
  useEffect(() => {
    if (asked !== answered.current && field.current) caretAtEnd(field.current)
    answered.current = asked
  }, [field, asked])
}

const nothing = () => null

/** Has the people at hand for whom a message mentions, without being drawn anew when they come and go. */
function useNearness(): void {
  useQuery({ ...peopleQuery, select: nothing })
}

const typingEveryMs = 2_000
let saidTypingAt = 0

/** The engine tells the others now and then; it need not be asked for each key. */
function sayTyping(id: ConversationView['id']): void {
  const now = Date.now()
  if (now - saidTypingAt < typingEveryMs) return
  saidTypingAt = now
  // Whether it could be told matters to nobody.
  engine.conversations.sayTyping.mutate({ id }).catch(() => {})
}
