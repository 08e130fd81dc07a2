import { Tabs } from 'radix-ui'
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'

interface Section<Name extends string> {
  readonly name: Name
  readonly label: string
  readonly icon: ReactNode
}

interface SectionsProps<Name extends string> {
  readonly label: string
  readonly sections: readonly Section<Name>[]
  readonly open: Name
  readonly onOpen: (name: Name) => void
  /** What the open section shows. */
  readonly children: ReactNode
}

/** Sections beside each other, of which one is open; the arrow keys go from one to the next. */
export function Sections<Name extends string>({
  label,
  sections,
  open,
  onOpen,
  children,
}: SectionsProps<Name>) {
  const choose = (chosen: string) => {
    const section = sections.find(({ name }) => name === chosen)
    if (section) onOpen(section.name)
  }
  const list = useRef<HTMLDivElement>(null)
  // Whoever came here by a shortcut goes on by keyboard from what is open.
  useEffect(() => list.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus(), [])
  return (
    <Tabs.Root
      orientation="vertical"
      value={open}
      onValueChange={choose}
      className="@container flex min-h-0 flex-1 flex-col"
    >
      <div className="flex min-h-0 flex-1 flex-col @2xl:flex-row">
        <div className="flex shrink-0 flex-col gap-2 border-b border-line p-2 @2xl:w-52 @2xl:overflow-y-auto @2xl:border-r @2xl:border-b-0 @2xl:px-3 @2xl:py-4">
          <h1 className="px-2 text-head font-semibold @max-2xl:sr-only">{label}</h1>
          <Tabs.List
            ref={list}
            aria-label={label}
            onKeyDown={moveSideways}
            className="flex flex-wrap gap-0.5 @2xl:flex-col @2xl:flex-nowrap"
          >
            {sections.map((section) => (
              <Tabs.Trigger
                key={section.name}
                value={section.name}
                className="flex h-8 items-center gap-2.5 rounded-medium px-2 text-soft transition-colors duration-100 hover:bg-hover hover:text-text data-[state=active]:bg-selected data-[state=active]:font-medium data-[state=active]:text-text"
              >
                <span aria-hidden className="hidden text-dim @2xl:block">
                  {section.icon}
                </span>
                {section.label}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
        </div>
        <Tabs.Content
          key={open}
          value={open}
          className="min-h-0 min-w-0 flex-1 overflow-y-auto -outline-offset-2 [scrollbar-gutter:stable]"
        >
          {children}
        </Tabs.Content>
      </div>
    </Tabs.Root>
  )
}

/** Where there is little room they stand beside each other, and not only below each other. */
function moveSideways(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
  const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')]
  const next = step === 0 ? undefined : tabs[tabs.findIndex((tab) => tab === document.activeElement) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
}
