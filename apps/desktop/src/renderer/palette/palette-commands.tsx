import {
  ArrowLeft,
  ArrowRight,
  Bell,
  CheckCheck,
  Contrast,
  Inbox,
  Keyboard,
  LogOut,
  Moon,
  PanelLeft,
  PanelRight,
  Search,
  Settings,
  ShieldCheck,
  UserPlus,
  Users,
  UserSearch,
  UsersRound,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { complain } from '../live/act.ts'
import { desk, engine } from '../live/clients.ts'
import { toggleDoNotDisturb } from '../sidebar/do-not-disturb.ts'
import { notice } from '../state/notices.ts'
import { openOverlay } from '../state/overlay.ts'
import { go, type SettingsSection } from '../state/place.ts'
import { doShortcut, markAllRead } from './do-shortcut.ts'
import type { ShortcutId } from './shortcut-list.ts'

export interface PaletteCommand {
  readonly title: string
  readonly also?: string
  readonly icon: ReactNode
  /** Does the same, and is shown beside it. */
  readonly shortcut?: ShortcutId
  readonly run: () => void
}

interface Situation {
  readonly operator: boolean
  readonly quiet: boolean
  readonly inConversation: boolean
  /** The account that is open, and the others of this device. */
  readonly account: string | null
  readonly others: readonly {
    readonly key: string
    readonly displayName: string
    readonly serverName: string
  }[]
}

/** What can be done from anywhere, as the palette offers it. */
export function paletteCommands(situation: Situation): readonly PaletteCommand[] {
  const { operator, quiet, inConversation } = situation
  return [
    {
      title: 'New group',
      also: 'make create',
      icon: <UsersRound size={16} />,
      shortcut: 'new-group' as const,
    },
    {
      title: 'Message somebody',
      also: 'people talk',
      icon: <UserSearch size={16} />,
      shortcut: 'new-conversation' as const,
    },
    {
      title: 'Search messages',
      also: 'find everywhere',
      icon: <Search size={16} />,
      shortcut: 'search' as const,
    },
    ...(inConversation
      ? [
          {
            title: 'Search in this conversation',
            also: 'find',
            icon: <Search size={16} />,
            shortcut: 'search-here' as const,
          },
          {
            title: 'Details of this conversation',
            also: 'members about',
            icon: <PanelRight size={16} />,
            shortcut: 'details' as const,
          },
        ]
      : []),
    { title: 'Back', icon: <ArrowLeft size={16} />, shortcut: 'back' as const },
    { title: 'Forward', icon: <ArrowRight size={16} />, shortcut: 'forward' as const },
    {
      title: 'Fold the sidebar',
      also: 'show hide',
      icon: <PanelLeft size={16} />,
      shortcut: 'sidebar' as const,
    },
    {
      title: 'Keyboard shortcuts',
      also: 'keys help',
      icon: <Keyboard size={16} />,
      shortcut: 'shortcuts' as const,
    },
  ]
    .map((each): PaletteCommand => ({
      ...each,
      run: () => doShortcut(each.shortcut),
    }))
    .concat([
      {
        title: 'Find groups',
        also: 'join browse',
        icon: <UsersRound size={16} />,
        run: () => go({ kind: 'groups' }),
      },
      {
        title: 'Requests and invitations',
        also: 'answer approve',
        icon: <Inbox size={16} />,
        run: () => go({ kind: 'requests' }),
      },
      {
        title: 'Mark everything as read',
        also: 'all unread',
        icon: <CheckCheck size={16} />,
        run: markEverythingRead,
      },
      {
        title: quiet ? 'Let notifications through again' : 'Do not disturb until tomorrow',
        also: 'quiet mute notifications',
        icon: <Moon size={16} />,
        run: () => void toggleDoNotDisturb(quiet),
      },
      ...themes,
      ...settings,
      ...(operator ? operatorPlaces : []),
      ...accountsOf(situation),
      {
        title: 'Sign out',
        also: 'leave log out',
        icon: <LogOut size={16} />,
        run: () => openOverlay({ kind: 'sign-out' }),
      },
    ])
}

const accountsOf = ({ account, others }: Situation): readonly PaletteCommand[] => [
  ...others.map(({ key, displayName, serverName }) => ({
    title: `Switch to ${displayName} on ${serverName}`,
    also: 'account server',
    icon: <Users size={16} />,
    run: () => void engine.app.switchTo.mutate({ key }).catch(complain),
  })),
  ...(account === null
    ? []
    : [
        {
          title: 'Add an account',
          also: 'server sign in join another',
          icon: <UserPlus size={16} />,
          run: () => openOverlay({ kind: 'add-account', besides: account }),
        },
      ]),
]

function markEverythingRead(): void {
  const count = markAllRead()
  notice({
    tone: 'plain',
    text: count === 0 ? 'Everything is read already.' : 'Everything is marked as read.',
  })
}

const themes: readonly PaletteCommand[] = (
  [
    ['light', 'Light theme'],
    ['dark', 'Dark theme'],
    ['system', 'Theme of the system'],
  ] as const
).map(([theme, title]) => ({
  title,
  also: 'appearance colours mode',
  icon: <Contrast size={16} />,
  run: () => void desk.settings.set.mutate({ theme }).catch(complain),
}))

const settings: readonly PaletteCommand[] = (
  [
    ['profile', 'Profile', 'name username'],
    ['sessions', 'Sessions', 'devices password'],
    ['encryption', 'Encryption', 'keys devices recovery code link privacy search'],
    ['notifications', 'Notifications', 'sound badge'],
    ['appearance', 'Appearance', 'theme zoom'],
    ['storage', 'Storage', 'disk space'],
    ['bots', 'Bots', 'token'],
    ['about', 'About Parley', 'version update'],
  ] as const satisfies readonly (readonly [SettingsSection, string, string])[]
).map(([section, name, also]) => ({
  title: `Settings: ${name}`,
  also,
  icon: section === 'notifications' ? <Bell size={16} /> : <Settings size={16} />,
  run: () => go({ kind: 'settings', section }),
}))

const operatorPlaces: readonly PaletteCommand[] = [
  {
    title: 'Operator: accounts',
    icon: <ShieldCheck size={16} />,
    run: () => go({ kind: 'operator', section: 'accounts' }),
  },
  {
    title: 'Operator: invite links',
    icon: <ShieldCheck size={16} />,
    run: () => go({ kind: 'operator', section: 'invite-links' }),
  },
]
