import { Check, Copy } from 'lucide-react'
import { type ComponentProps, useEffect, useState } from 'react'
import { Button } from './button.tsx'

const saidMs = 2_000

interface CopyButtonProps extends Pick<ComponentProps<typeof Button>, 'size' | 'autoFocus'> {
  readonly text: string
  readonly label?: string
}

/** Puts a text on the clipboard, and says that it did. */
export function CopyButton({ text, label = 'Copy', ...rest }: CopyButtonProps) {
  const [copied, setCopied] = useState(0)
  useEffect(() => {
    if (copied === 0) return
    const waiting = setTimeout(() => setCopied(0), saidMs)
    return () => clearTimeout(waiting)
  }, [copied])
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied((times) => times + 1)
  }
  return (
    <Button {...rest} onClick={() => void copy()}>
      {copied > 0 ? <Check aria-hidden size={16} /> : <Copy aria-hidden size={16} />}
      <span aria-live="polite">{copied > 0 ? 'Copied' : label}</span>
    </Button>
  )
}

interface SecretProps {
  readonly label: string
  readonly text: string
}

/** A text that is shown this once, to be copied. */
export function ShownOnce({ label, text }: SecretProps) {
  return (
    <div className="flex flex-col gap-2 rounded-medium border border-line bg-ground p-3">
      <span className="text-small font-medium text-soft">{label}</span>
      <code className="font-mono text-small break-all select-text">{text}</code>
      <span>
        <CopyButton text={text} autoFocus />
      </span>
    </div>
  )
}
