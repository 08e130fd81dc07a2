import { ChevronRight } from 'lucide-react'
import { memo } from 'react'
import { type SectionName, sectionTitles } from './sections.ts'

interface SectionHeadProps {
  readonly name: SectionName
  readonly open: boolean
  readonly count: number
  /** Which of how many sections it is. */
  readonly place: number
  readonly of: number
  readonly railed: boolean
  /** Whether Tab comes to it. */
  readonly reached: boolean
}

/** The name of a section, which folds it. */
export const SectionHead = memo(function SectionHead({
  name,
  open,
  count,
  place,
  of,
  railed,
  reached,
}: SectionHeadProps) {
  const title = sectionTitles[name]
  return (
    <div
      role="treeitem"
      data-line={name}
      tabIndex={reached ? 0 : -1}
      aria-level={1}
      aria-posinset={place}
      aria-setsize={of}
      aria-expanded={open}
      className={`group flex items-center rounded-medium text-small font-medium text-dim outline-offset-[-2px] hover:text-text ${railed ? 'mx-2 mt-1 h-6 justify-center' : 'mt-2 ml-2 h-7 gap-1 px-2'}`}
    >
      {railed ? (
        <>
          <span className="sr-only">{title}</span>
          <span aria-hidden className="h-px w-6 bg-line" />
        </>
      ) : (
        <>
          <span>{title}</span>
          <ChevronRight
            aria-hidden
            size={14}
            className={`transition-transform duration-100 ${open ? 'rotate-90 opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100' : ''}`}
          />
          {!open && (
            <span aria-hidden className="ml-auto tabular-nums">
              {count}
            </span>
          )}
        </>
      )}
      <span className="sr-only">, {count}</span>
    </div>
  )
})
