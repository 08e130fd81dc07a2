import type { Session, WebContents } from 'electron'
import { isOurAddress, pageUrl } from '../page/addresses.ts'

/** What a page of ours may do beyond showing itself: copying text when its button is pressed. */
const permissionsAllowed: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

/** Refuses whatever a page may ask of the system. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    answer(isAllowed(permission, details.requestingUrl) && isOurAddress(contents.getURL()))
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => isAllowed(permission, origin))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  session.setBluetoothPairingHandler((_details, answer) => answer({ confirmed: false }))
  session.on('select-serial-port', (event, _ports, _contents, answer) => {
    event.preventDefault()
    answer('')
  })
  session.on('will-download', (event) => event.preventDefault())
}

const isAllowed = (permission: string, from: string): boolean =>
  permissionsAllowed.has(permission) && isOurAddress(from)

/** A page stays what it is: it goes nowhere, opens nothing, and holds no other page. */
export function guardContents(contents: WebContents, refused: (what: string) => void): void {
  const refuse = (what: string) => (event: { preventDefault(): void }) => {
    event.preventDefault()
    refused(what)
  }
  contents.on('will-navigate', (event) => {
    // A reload, which menus offer, comes to the same address.
    if (event.url !== pageUrl) refuse('will-navigate')(event)
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) refuse('will-frame-navigate')(event)
  })
  contents.on('will-redirect', refuse('will-redirect'))
  contents.on('will-attach-webview', refuse('will-attach-webview'))
  contents.setWindowOpenHandler(() => {
    refused('window.open')
    return { action: 'deny' }
  })
}
