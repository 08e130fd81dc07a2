import { useQuery } from '@tanstack/react-query'
import { BellOff, ChevronDown, CircleUserRound, LogOut, Moon, Settings, UserPlus, Users } from 'lucide-react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { accountsQuery, doNotDisturbQuery, meQuery, stateQuery } from '../live/queries.ts'
import { openOverlay } from '../state/overlay.ts'
import { go } from '../state/place.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Menu, type MenuItems } from '../ui/menu.tsx'
import { toggleDoNotDisturb } from './do-not-disturb.ts'

/** Who is signed in where, and what can be done about it. */
export function AccountButton({ railed }: { readonly railed: boolean }) {
  const { data: me } = useQuery(meQuery)
  const { data: state } = useQuery(stateQuery)
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: quietUntil } = useQuery(doNotDisturbQuery)
  if (state?.kind !== 'signed-in') return null
  const { account } = state
  const name = me?.displayName ?? account.displayName
  const quiet = quietUntil !== undefined && quietUntil !== null
  const items: MenuItems = [
    {
      label: 'Profile',
      icon: <CircleUserRound size={16} />,
      run: () => go({ kind: 'settings', section: 'profile' }),
    },
    {
      label: 'Settings',
      icon: <Settings size={16} />,
      keys: 'Mod+,',
      run: () => go({ kind: 'settings', section: 'appearance' }),
    },
    {
      label: 'Do not disturb',
      icon: <Moon size={16} />,
      checked: quiet,
      run: () => void toggleDoNotDisturb(quiet),
    },
    null,
    ...accounts
      .filter(({ key }) => key !== account.key)
      .map(({ key, displayName, serverName, unread }) => ({
        label: `${displayName} on ${serverName}${unread > 0 ? ` (${String(unread)} unread)` : ''}`,
        icon: <Users size={16} />,
        run: () => void engine.app.switchTo.mutate({ key }).catch(complain),
      })),
    {
      label: 'Add an account …',
      icon: <UserPlus size={16} />,
      run: () => openOverlay({ kind: 'add-account', besides: account.key }),
    },
    null,
    { label: 'Sign out …', icon: <LogOut size={16} />, run: () => openOverlay({ kind: 'sign-out' }) },
  ]
  const Mark = quiet ? BellOff : ChevronDown
  const elsewhere = accounts.some(({ key, unread }) => key !== account.key && unread > 0)
  return (
    <Menu items={items} align="start">
      <button
        type="button"
        className={`flex min-w-0 items-center gap-2 rounded-medium hover:bg-hover data-[state=open]:bg-hover ${railed ? 'p-1' : 'h-9 flex-1 px-1.5'}`}
      >
        <span className="relative flex shrink-0">
          <Avatar seed={account.accountId} name={name} size={railed ? 32 : 24} />
          {elsewhere && (
            <span className="absolute -top-0.5 -right-0.5 size-2.5 rounded-full border-2 border-side bg-accent" />
          )}
        </span>
        <span className="sr-only">Your account: </span>
        <span className={railed ? 'sr-only' : 'truncate font-semibold'}>{name}</span>
        {elsewhere && <span className="sr-only">, unread in another account</span>}
        {quiet && <span className="sr-only">, do not disturb</span>}
        {!railed && <Mark aria-hidden size={14} className="shrink-0 text-dim" />}
      </button>
    </Menu>
  )
}
