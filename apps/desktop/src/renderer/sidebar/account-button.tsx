import { useQuery } from '@tanstack/react-query'
import { BellOff, ChevronDown, CircleUserRound, LogOut, Moon, Settings, Users } from 'lucide-react'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { accountsQuery, doNotDisturbQuery, meQuery, outboxQuery, stateQuery } from '../live/queries.ts'
import { go } from '../state/place.ts'
import { Avatar } from '../ui/avatar.tsx'
import { ConfirmNow } from '../ui/dialog.tsx'
import { Menu, type MenuItems } from '../ui/menu.tsx'
import { toggleDoNotDisturb } from './do-not-disturb.ts'

/** Who is signed in where, and what can be done about it. */
export function AccountButton({ railed }: { readonly railed: boolean }) {
  const { data: me } = useQuery(meQuery)
  const { data: state } = useQuery(stateQuery)
  const { data: accounts = [] } = useQuery(accountsQuery)
  const { data: quietUntil } = useQuery(doNotDisturbQuery)
  const [leaving, setLeaving] = useState(false)
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
      .map(({ key, displayName, serverName }) => ({
        label: `${displayName} on ${serverName}`,
        icon: <Users size={16} />,
        run: () => void engine.app.switchTo.mutate({ key }).catch(complain),
      })),
    ...(accounts.length > 1 ? [null] : []),
    { label: 'Sign out …', icon: <LogOut size={16} />, run: () => setLeaving(true) },
  ]
  return (
    <>
      <Menu items={items} align="start">
        <button
          type="button"
          aria-label={`Your account: ${name}${quiet ? ', do not disturb' : ''}`}
          className={`flex min-w-0 items-center gap-2 rounded-medium hover:bg-hover data-[state=open]:bg-hover ${railed ? 'p-1' : 'h-9 flex-1 px-1.5'}`}
        >
          <Avatar seed={account.accountId} name={name} size={railed ? 32 : 24} />
          {!railed && (
            <>
              <span className="truncate font-semibold">{name}</span>
              {quiet ? (
                <BellOff aria-hidden size={14} className="shrink-0 text-dim" />
              ) : (
                <ChevronDown aria-hidden size={14} className="shrink-0 text-dim" />
              )}
            </>
          )}
        </button>
      </Menu>
      {leaving && <SignOut name={name} onClose={() => setLeaving(false)} />}
    </>
  )
}

function SignOut({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const { data: outbox = [] } = useQuery(outboxQuery)
  const waiting = outbox.filter(({ state }) => state !== 'sent').length
  const loss =
    waiting === 0
      ? ''
      : ` ${waiting === 1 ? 'One change was' : `${String(waiting)} changes were`} not sent yet and will be lost.`
  return (
    <ConfirmNow
      title="Sign out?"
      about={`What is kept of ${name} on this device is removed. On the server everything stays.${loss}`}
      done="Sign out"
      onDone={() => void engine.app.signOut.mutate().catch(complain)}
      onClose={onClose}
    />
  )
}
