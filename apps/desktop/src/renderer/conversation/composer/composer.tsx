import { useState } from 'react'
import { act } from '../../live/act.ts'
import type { ConversationKey } from '../../live/queries.ts'

/** Where messages are written. */
export function Composer({ conversationId }: { readonly conversationId: ConversationKey }) {
  const [text, setText] = useState('')
  return (
    <textarea
      aria-label="Message"
      className="m-4 h-16 rounded-medium border border-line bg-raised p-2 select-text"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || text.trim() === '')
          return
        event.preventDefault()
        setText('')
        void act({ kind: 'send', conversationId, content: { kind: 'plain', text } })
      }}
    />
  )
}
