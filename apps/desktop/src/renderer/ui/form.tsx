import { CircleAlert } from 'lucide-react'
import { type FormEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react'

interface FormProps {
  readonly label: string
  readonly onSubmit: () => void
  readonly children: ReactNode
}

/** Fields that are sent off together, by Enter too. */
export function Form({ label, onSubmit, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null)
  useFocusOnProblem(form)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form ref={form} noValidate aria-label={label} onSubmit={submit} className="flex flex-col gap-4">
      {children}
    </form>
  )
}

/** Goes to the first field that is wrong, once, when it has become known. */
export function useFocusOnProblem(form: RefObject<HTMLFormElement | null>): void {
  const before = useRef<Element | null>(null)
  useEffect(() => {
    const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') ?? null
    if (wrong && wrong !== before.current) wrong.focus()
    before.current = wrong
  })
}

/** What is wrong with all of it, where it is no field's fault. */
export function FormProblem({ text }: { readonly text: string | null }) {
  if (text === null) return null
  return (
    <p role="alert" className="flex gap-2 rounded-medium bg-danger-ground px-3 py-2 text-danger">
      <CircleAlert aria-hidden size={16} className="mt-0.5 shrink-0" />
      {text}
    </p>
  )
}
