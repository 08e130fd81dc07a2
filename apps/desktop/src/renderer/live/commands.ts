import type { Command, MenuCommand } from '../../main/commands.ts'
import { doShortcut } from '../palette/do-shortcut.ts'
import type { ShortcutId } from '../palette/shortcut-list.ts'
import { isNamed } from '../search/is-named.ts'
import { awaitPlace, placeOf } from '../shell/whereabouts.ts'
import { useIncoming } from '../state/incoming.ts'
import { notice } from '../state/notices.ts'
import { closeOverlay, openOverlay, useOverlay } from '../state/overlay.ts'
import { go, type Place } from '../state/place.ts'
import { complain } from './act.ts'
import { desk, engine } from './clients.ts'
import { whoseCommand } from './command-target.ts'
import { queryClient } from './live.ts'
import { accountsQuery, type AppState, conversationsQuery, stateQuery } from './queries.ts'

type ToConversation = Extract<Command, { kind: 'open-notification' | 'open-message' }>
type SignedIn = Extract<AppState, { kind: 'signed-in' }>

/** Came before anybody was in: it is done once somebody is. A later one takes its place. */
let waiting: Command | null = null

/** Does what menus, notifications that were pressed and links ask for. */
export function followCommands(): void {
  desk.commands.subscribe(undefined, { onData: (command) => void obey(command).catch(complain) })
  queryClient.getQueryCache().subscribe(() => {
    if (waiting === null || queryClient.getQueryData(stateQuery.queryKey)?.kind !== 'signed-in') return
    const command = waiting
    waiting = null
    void obey(command).catch(complain)
  })
}

async function obey(command: Command): Promise<void> {
  const state = await queryClient.ensureQueryData(stateQuery)
  if (state.kind !== 'signed-in') return wait(command, state)
  switch (command.kind) {
    case 'menu':
      return choose(command.name)
    case 'open-notification':
    case 'open-message':
      return show(command, state)
    case 'join':
      return openOverlay({ kind: 'join', link: command })
    case 'signed-in':
      // The engine hears of it by itself.
      return
  }
}

function wait(command: Command, state: AppState): void {
  if (command.kind === 'menu' || command.kind === 'signed-in') return
  waiting = command
  if (command.kind !== 'join') return
  // The way in goes to that server; what is left to do there is the group.
  if (command.conversationId === null && state.kind === 'signed-out') waiting = null
  useIncoming.setState({ invitation: command })
}

const shortcutOfMenu: Readonly<Record<Exclude<MenuCommand, 'about'>, ShortcutId>> = {
  settings: 'settings',
  'new-conversation': 'new-conversation',
  'new-group': 'new-group',
  find: 'search',
  'find-in-conversation': 'search-here',
  'go-to': 'palette',
  shortcuts: 'shortcuts',
  back: 'back',
  forward: 'forward',
  'next-conversation': 'next',
  'previous-conversation': 'previous',
  'next-unread': 'next-unread',
  'previous-unread': 'previous-unread',
  'toggle-details': 'details',
}

/** A menu works as its shortcut does, and closes what lies over the window first. */
function choose(name: MenuCommand): void {
  const { overlay } = useOverlay.getState()
  const again = name === 'go-to' || name === 'find' || name === 'shortcuts'
  if (overlay && !again) closeOverlay()
  if (name === 'about') go({ kind: 'settings', section: 'about' })
  else doShortcut(shortcutOfMenu[name])
}

async function show(command: ToConversation, { account }: SignedIn): Promise<void> {
  const accounts = await queryClient.ensureQueryData(accountsQuery)
  const whose = whoseCommand(command, account, accounts)
  const place = placeOf(command.conversationId, command.messageId)
  if (!place) return
  if (whose.kind === 'none') {
    notice({ tone: 'plain', text: 'This leads to a server on which you have no account on this device.' })
    return
  }
  if (whose.kind === 'other') {
    awaitPlace(place)
    await engine.app.switchTo.mutate({ key: whose.key })
    return
  }
  closeOverlay()
  go(await reachable(place))
}

/** Where one is not in the group, it is shown as one that can be joined. */
async function reachable(place: Extract<Place, { kind: 'conversation' }>): Promise<Place> {
  const conversations = await queryClient.ensureQueryData(conversationsQuery)
  const mine = conversations.some(({ id }) => id === place.id)
  return mine || !isNamed(place.id) ? place : { kind: 'groups', id: place.id }
}
