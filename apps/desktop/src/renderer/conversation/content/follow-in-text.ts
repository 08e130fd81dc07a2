import type { KeyboardEvent, MouseEvent } from 'react'
import { complain } from '../../live/act.ts'
import { desk } from '../../live/clients.ts'
import { notice } from '../../state/notices.ts'
import { openPane } from '../../state/place.ts'
import { followParleyLink, goToConversation } from './parley-link.ts'

/** One listener for all that can be pressed in a text: links, names, and the copying of code. */
export function followInText(event: MouseEvent<HTMLElement>): void {
  if (event.target instanceof Element && follow(event.target)) event.preventDefault()
}

/** Names are no buttons of the page's own, so Enter and Space are for us to hear. */
export function followInTextByKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Enter' && event.key !== ' ') return
  if (!(event.target instanceof HTMLElement) || event.target.role !== 'button') return
  if (!follow(event.target)) return
  event.preventDefault()
  event.stopPropagation()
}

function follow(target: Element): boolean {
  const pressed = target.closest('a[href], [data-person], [data-group], [data-copy]')
  if (!(pressed instanceof HTMLElement)) return false
  const { person, group, copy } = pressed.dataset
  if (copy !== undefined) void copyCode(pressed)
  else if (person !== undefined) openPane({ kind: 'person', id: person })
  else if (group !== undefined) void goToConversation(group)
  else void openLink(pressed.getAttribute('href') ?? '')
  return true
}

async function openLink(address: string): Promise<void> {
  if (address.startsWith('parley:')) {
    if (!(await followParleyLink(address))) {
      notice({ tone: 'plain', text: 'This link leads to a conversation that you are not in.' })
    }
    return
  }
  await desk.openExternal.mutate({ url: address }).catch(complain)
}

const copiedShownMs = 1_500

async function copyCode(button: HTMLElement): Promise<void> {
  const code = button.closest('.code')?.querySelector('code')?.textContent ?? ''
  try {
    await navigator.clipboard.writeText(code)
  } catch {
    notice({ tone: 'danger', text: 'It could not be copied.' })
    return
  }
  button.textContent = 'Copied'
  setTimeout(() => (button.textContent = 'Copy'), copiedShownMs)
}
