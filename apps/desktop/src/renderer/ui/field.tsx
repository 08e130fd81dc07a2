import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from 'react'

interface FieldFrame {
  readonly label: string
  /** What would be right, said before anything is wrong. */
  readonly hint?: ReactNode
  /** What is wrong with it. */
  readonly problem?: string | null | undefined
}

const box =
  'w-full rounded-medium border border-line bg-ground px-2.5 text-text select-text placeholder:text-dim focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger aria-invalid:outline-danger aria-invalid:focus-visible:border-danger disabled:opacity-60'

interface TextFieldProps extends FieldFrame, InputHTMLAttributes<HTMLInputElement> {
  /** Stands at the end of the line, within its frame. */
  readonly trailing?: ReactNode
  readonly ref?: Ref<HTMLInputElement>
}

/** One line of text, with its name above and what is wrong below. */
export function TextField({ label, hint, problem, trailing, className = '', ...rest }: TextFieldProps) {
  const id = useId()
  return (
    <Framed id={id} label={label} hint={hint} problem={problem}>
      <div className="relative">
        <input
          id={id}
          spellCheck={false}
          {...rest}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem || hint ? `${id}-said` : undefined}
          className={`h-8 ${box} ${trailing === undefined ? '' : 'pr-9'} ${className}`}
        />
        {trailing !== undefined && (
          <span className="absolute inset-y-0 right-1 flex items-center">{trailing}</span>
        )}
      </div>
    </Framed>
  )
}

interface TextAreaProps extends FieldFrame, TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly ref?: Ref<HTMLTextAreaElement>
}

/** Some lines of text. */
export function TextArea({ label, hint, problem, className = '', ...rest }: TextAreaProps) {
  const id = useId()
  return (
    <Framed id={id} label={label} hint={hint} problem={problem}>
      <textarea
        id={id}
        rows={3}
        {...rest}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem || hint ? `${id}-said` : undefined}
        className={`resize-none py-1.5 ${box} ${className}`}
      />
    </Framed>
  )
}

interface FramedProps extends FieldFrame {
  readonly id: string
  readonly children: ReactNode
}

function Framed({ id, label, hint, problem, children }: FramedProps) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-small font-medium text-soft">
        {label}
      </label>
      {children}
      {(problem || hint) && (
        <p
          id={`${id}-said`}
          role={problem ? 'alert' : undefined}
          className={`text-small ${problem ? 'text-danger' : 'text-dim'}`}
        >
          {problem ?? hint}
        </p>
      )}
    </div>
  )
}
