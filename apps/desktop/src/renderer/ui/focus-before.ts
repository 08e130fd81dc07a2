import { type RefCallback, useState } from 'react'

interface Owner {
  readonly element: Element | null
  readonly menuButtonId: string | null
  /** Who had the focus before the dialog in which this one was. */
  readonly behind: Owner | null
}

interface FocusBefore {
  readonly ref: RefCallback<HTMLDivElement>
  readonly onCloseAutoFocus: (event: Event) => void
}

const overlays = '[role=dialog], [role=alertdialog]'
const owners = new WeakMap<Element, Owner>()

/**
 * Gives the focus back to what had it before something was laid over the window. It is looked up before the first field
 * in it takes the focus, which is where the component base would find it otherwise. Of what a menu opened, that is the
 * button of the menu, as the item itself is gone by then; of a dialog in the place of another, what opened the other.
 */
export function useFocusBefore(): FocusBefore {
  const [before] = useState(ownerOfFocus)
  return {
    ref: (overlay) => {
      if (overlay) owners.set(overlay, before)
    },
    onCloseAutoFocus: (event) => {
      const target = targetOf(before)
      // Another one that took its place has the focus already.
      const isReplaced = document.activeElement?.closest(overlays)?.contains(target ?? null) === false
      if (!target && !isReplaced) return
      event.preventDefault()
      if (!isReplaced) target?.focus()
    },
  }
}

function ownerOfFocus(): Owner {
  const element = document.activeElement
  const menu = element?.closest('[role=menu]')
  const overlay = element?.closest(overlays)
  return {
    element,
    menuButtonId: menu?.getAttribute('aria-labelledby') ?? null,
    behind: (overlay && owners.get(overlay)) ?? null,
  }
}

function targetOf({ element, menuButtonId, behind }: Owner): HTMLElement | null {
  const target = menuButtonId === null ? element : document.getElementById(menuButtonId)
  if (target instanceof HTMLElement && target.isConnected && target !== document.body) return target
  return behind && targetOf(behind)
}
