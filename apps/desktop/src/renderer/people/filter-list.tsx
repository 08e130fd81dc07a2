import { Search } from 'lucide-react'
import { type ReactNode, type Ref, useEffect, useId, useRef } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { type Inset, insets } from './insets.ts'
import { useActiveRow } from './use-active-row.ts'

export interface ListRow {
  readonly key: string
  /** It parts the list, and cannot be chosen. */
  readonly heading?: boolean
}

interface FilterListProps<Row extends ListRow> {
  /** What is in it: the list's name. */
  readonly label: string
  readonly placeholder: string
  readonly words: string
  readonly onWords: (words: string) => void
  readonly rows: readonly Row[]
  readonly rowPx: number
  readonly onChoose: (row: Row) => void
  readonly show: (row: Row) => ReactNode
  /** What stands at the end of a row: a button, which Tab reaches at the active one. */
  readonly showEnd?: (row: Row, isActive: boolean) => ReactNode
  /** Where several are chosen: whether this one is. */
  readonly isChosen?: (row: Row) => boolean
  /** Shown instead of rows. */
  readonly empty: ReactNode
  /** Beside the field, or under it. */
  readonly beside?: ReactNode
  readonly before?: ReactNode
  readonly autoFocus?: boolean
  readonly onEmptyBackspace?: () => void
  readonly inputRef?: Ref<HTMLInputElement>
  readonly inset: Inset
}

/**
 * A long list under a field that narrows it down. The focus stays in the field: arrows move about the list, Enter
 * chooses. Of thousands of rows only those to be seen are drawn.
 */
export function FilterList<Row extends ListRow>(props: FilterListProps<Row>) {
  const { label, words, onWords, rows, rowPx, show, showEnd, isChosen, inset } = props
  const id = useId()
  const rowId = (index: number) => `${id}-${String(index)}`
  const listRef = useRef<VirtualizerHandle>(null)
  const choose = (index: number) => {
    const row = rows[index]
    if (row && row.heading !== true) props.onChoose(row)
  }
  const { active, setActive, onKeyDown } = useActiveRow({
    count: rows.length,
    isChoosable: (index) => rows[index]?.heading !== true,
    onChoose: choose,
    of: words,
  })
  const byKeys = useRef(false)
  useEffect(() => {
    // What the mouse points at is to be seen already. The heading above the first one belongs to it.
    if (active >= 0 && byKeys.current)
      listRef.current?.scrollToIndex(active === 1 ? 0 : active, { align: 'nearest' })
  }, [active])

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className={`flex items-center gap-2 ${insets[inset].plain}`}>
        <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-1 rounded-medium border border-line bg-ground px-2.5 focus-within:border-accent">
          {props.before ?? <Search aria-hidden size={16} className="text-dim" />}
          <input
            ref={props.inputRef}
            role="combobox"
            aria-label={props.placeholder}
            aria-expanded={rows.length > 0}
            aria-haspopup="grid"
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={active >= 0 ? rowId(active) : undefined}
            autoFocus={props.autoFocus}
            spellCheck={false}
            placeholder={props.placeholder}
            value={words}
            onChange={(event) => onWords(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Backspace' && words === '') props.onEmptyBackspace?.()
              if (event.key === 'Escape' && words !== '') {
                event.stopPropagation()
                event.preventDefault()
                onWords('')
                return
              }
              byKeys.current = true
              onKeyDown(event)
            }}
            className="h-7 min-w-24 flex-1 bg-transparent px-1 select-text outline-none placeholder:text-dim"
          />
        </div>
        {props.beside}
      </div>
      {rows.length === 0 ? (
        <div id={`${id}-list`} className="min-h-0 flex-1">
          {props.empty}
        </div>
      ) : (
        <div
          id={`${id}-list`}
          role="grid"
          aria-label={label}
          aria-rowcount={rows.length}
          aria-multiselectable={isChosen ? true : undefined}
          className={`min-h-0 flex-1 overflow-y-auto pb-3 ${insets[inset].scrolled}`}
        >
          <Virtualizer ref={listRef} data={rows} itemSize={rowPx} keepMounted={active >= 0 ? [active] : []}>
            {(row, index) => (
              <Line
                key={row.key}
                id={rowId(index)}
                index={index}
                heading={row.heading === true}
                active={index === active}
                chosen={isChosen?.(row)}
                onChoose={() => choose(index)}
                onPoint={() => {
                  byKeys.current = false
                  setActive(index)
                }}
                end={row.heading === true ? undefined : showEnd?.(row, index === active)}
              >
                {show(row)}
              </Line>
            )}
          </Virtualizer>
        </div>
      )}
    </div>
  )
}

interface LineProps {
  readonly id: string
  readonly index: number
  readonly heading: boolean
  readonly active: boolean
  readonly chosen: boolean | undefined
  readonly onChoose: () => void
  readonly onPoint: () => void
  readonly end: ReactNode
  readonly children: ReactNode
}

function Line({ id, index, heading, active, chosen, onChoose, onPoint, end, children }: LineProps) {
  if (heading) {
    return (
      <div role="row" id={id} aria-rowindex={index + 1} className="px-2 pt-3 pb-1">
        <div role="gridcell" className="text-small font-medium text-dim">
          {children}
        </div>
      </div>
    )
  }
  return (
    <div
      role="row"
      id={id}
      aria-rowindex={index + 1}
      aria-selected={chosen ?? active}
      onMouseDown={(event) => {
        // The focus stays in the field, unless something at the end takes it.
        if (!(event.target instanceof Element && event.target.closest('button'))) event.preventDefault()
      }}
      onMouseMove={() => !active && onPoint()}
      className={`group/row flex items-center gap-2 rounded-medium pr-1 ${active ? 'bg-hover' : ''}`}
    >
      <div role="gridcell" className="min-w-0 flex-1 px-2 py-1.5" onClick={onChoose}>
        {children}
      </div>
      {end !== undefined && end !== null && (
        <div role="gridcell" className="flex items-center">
          {end}
        </div>
      )}
    </div>
  )
}
