import { ContextMenu as RadixContext, DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { Keys } from './keys.tsx'

export interface MenuItem {
  readonly label: string
  readonly icon?: ReactNode
  readonly keys?: string
  readonly tone?: 'danger'
  readonly checked?: boolean
  readonly disabled?: boolean
  readonly run: () => void
}

/** `null` is a line between two groups. */
export type MenuItems = readonly (MenuItem | null)[]

const list =
  'z-50 max-h-[min(24rem,var(--radix-popper-available-height))] min-w-44 animate-appear overflow-y-auto rounded-medium border border-line bg-raised p-1 shadow-raised outline-none'
const row =
  'flex h-7 items-center gap-2.5 rounded-small px-2 outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover'
const line = 'mx-1 my-1 h-px bg-line'

interface MenuProps {
  readonly items: MenuItems
  readonly children: ReactNode
  readonly align?: 'start' | 'end'
  readonly onOpenChange?: (open: boolean) => void
}

/** A menu that a button opens. */
export function Menu({ items, children, align = 'end', onOpenChange }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} {...(onOpenChange && { onOpenChange })}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align={align} sideOffset={4} collisionPadding={8} className={list}>
          {items.map((item, index) =>
            item ? (
              <DropdownMenu.Item
                key={item.label}
                disabled={item.disabled ?? false}
                onSelect={item.run}
                className={`${row} ${item.tone === 'danger' ? 'text-danger' : ''}`}
              >
                <Row {...item} />
              </DropdownMenu.Item>
            ) : (
              <DropdownMenu.Separator key={`line ${String(index)}`} className={line} />
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

/** The menu of the second mouse button, and of the menu key. */
export function ContextMenu({ items, children, onOpenChange }: Omit<MenuProps, 'align'>) {
  return (
    <RadixContext.Root modal={false} {...(onOpenChange && { onOpenChange })}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content collisionPadding={8} className={list}>
          {items.map((item, index) =>
            item ? (
              <RadixContext.Item
                key={item.label}
                disabled={item.disabled ?? false}
                onSelect={item.run}
                className={`${row} ${item.tone === 'danger' ? 'text-danger' : ''}`}
              >
                <Row {...item} />
              </RadixContext.Item>
            ) : (
              <RadixContext.Separator key={`line ${String(index)}`} className={line} />
            ),
          )}
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}

function Row({ label, icon, keys, checked }: MenuItem) {
  return (
    <>
      {icon !== undefined && <span className="flex size-4 items-center justify-center text-dim">{icon}</span>}
      <span className="flex-1">{label}</span>
      {checked === true && <span aria-label="chosen">✓</span>}
      {keys !== undefined && <Keys keys={keys} />}
    </>
  )
}
