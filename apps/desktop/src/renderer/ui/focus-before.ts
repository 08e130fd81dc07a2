import { useState } from 'react'

/**
 * Gives the focus back to what had it before something was laid over the window. It is looked up before the first field
 * in it takes the focus, which is where the component base would find it otherwise. Of what a menu opened, that is the
 * button of the menu: the item itself is gone by then.
 */
export function useFocusBefore(): (event: Event) => void {
  const [before] = useState(ownerOfFocus)
  return (event) => {
    const target =
      before.menuButtonId === null ? before.element : document.getElementById(before.menuButtonId)
    if (!(target instanceof HTMLElement) || !target.isConnected || target === document.body) return
    event.preventDefault()
    target.focus()
  }
}

function ownerOfFocus() {
  const element = document.activeElement
  const menu = element?.closest('[role=menu]')
  return { element, menuButtonId: menu?.getAttribute('aria-labelledby') ?? null }
}
