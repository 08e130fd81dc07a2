import { app } from 'electron'
import type { Commands } from './commands.ts'
import { type Link, linkAmong, linkScheme, parseLink } from './link.ts'
import type { Log } from './log.ts'

interface LinksOptions {
  readonly commands: Commands
  readonly show: () => void
  readonly log: Log
}

/**
 * Takes the links with which others start the app: a second start of it passes its own on to the first. To be called
 * before the app is ready, as macOS passes on the link that it is started for before it is.
 */
export function listenForLinks({ commands, show, log }: LinksOptions): void {
  const follow = (link: Link | null) => {
    show()
    if (link) commands.send(link)
  }
  const first = linkAmong(process.argv)
  if (first) commands.send(first)
  // An app that is run from its sources would leave its own path behind in the system's settings.
  if (app.isPackaged) app.once('ready', () => app.setAsDefaultProtocolClient(linkScheme))
  app.on('second-instance', (_event, args) => follow(linkAmong(args)))
  // macOS passes links to the app that runs.
  app.on('open-url', (event, address) => {
    event.preventDefault()
    const link = parseLink(address)
    // What it says is not written down: it may hold the secret of an invitation.
    if (!link) log.info('link-refused')
    follow(link)
  })
}
