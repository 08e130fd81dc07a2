import { useQuery } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { meQuery } from '../live/queries.ts'
import { dateWords } from '../people/presence-words.ts'
import { useNow } from '../people/use-now.ts'
import { notice } from '../state/notices.ts'
import { Avatar } from '../ui/avatar.tsx'
import { IconButton } from '../ui/button.tsx'
import { ConfirmNow } from '../ui/dialog.tsx'
import { useOnline } from '../ui/from-server.tsx'
import { Menu } from '../ui/menu.tsx'
import { Badge } from '../ui/panel.tsx'
import { ResetPassword } from './reset-password.tsx'
import type { Account } from './use-accounts.ts'

interface AccountTableProps {
  readonly accounts: readonly Account[]
  readonly onChanged: () => void
}

const cell = 'px-4 py-2'

export function AccountTable({ accounts, onChanged }: AccountTableProps) {
  const now = useNow()
  return (
    <table className="w-full table-fixed border-collapse text-left">
      <thead className="border-b border-line text-small text-dim">
        <tr>
          <th scope="col" className={`${cell} font-medium`}>
            Name
          </th>
          <th scope="col" className={`${cell} hidden w-36 font-medium @3xl:table-cell`}>
            Role
          </th>
          <th scope="col" className={`${cell} hidden w-40 font-medium @3xl:table-cell`}>
            Since
          </th>
          <th scope="col" className={`${cell} w-16`}>
            <span className="sr-only">What to do</span>
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} now={now} onChanged={onChanged} />
        ))}
      </tbody>
    </table>
  )
}

const roleOf = ({ operator, bot }: Account) => (bot ? 'Bot' : operator ? 'Operator' : 'Member')

interface AccountMenuProps {
  readonly account: Account
  readonly onChanged: () => void
}

interface AccountRowProps extends AccountMenuProps {
  /** Milliseconds since 1970. */
  readonly now: number
}

function AccountRow({ account, now, onChanged }: AccountRowProps) {
  return (
    <tr className="hover:bg-hover">
      <th scope="row" className={`${cell} font-normal`}>
        <span className="flex items-center gap-3">
          <Avatar seed={account.id} name={account.displayName} />
          <span className="flex min-w-0 flex-col">
            <span className="flex items-center gap-2">
              <span className={`truncate font-medium ${account.disabled ? 'text-dim' : ''}`}>
                {account.displayName}
              </span>
              {account.disabled && <Badge tone="danger">Disabled</Badge>}
            </span>
            <span className="truncate text-small text-dim">
              <span className="select-text">@{account.username}</span>
              <span className="@3xl:hidden"> · {roleOf(account)}</span>
            </span>
          </span>
        </span>
      </th>
      <td className={`${cell} hidden text-soft @3xl:table-cell`}>{roleOf(account)}</td>
      <td className={`${cell} hidden text-soft tabular-nums @3xl:table-cell`}>
        {dateWords(account.createdAt, now)}
      </td>
      <td className={`${cell} text-right`}>
        <AccountMenu account={account} onChanged={onChanged} />
      </td>
    </tr>
  )
}

function AccountMenu({ account, onChanged }: AccountMenuProps) {
  const { data: me } = useQuery(meQuery)
  const online = useOnline()
  const [asking, setAsking] = useState<'reset' | 'disable' | 'enable' | null>(null)
  const itself = me?.id === account.id
  const setDisabled = async (disabled: boolean) => {
    try {
      await engine.admin.setDisabled.mutate({ accountId: account.id, disabled })
      notice({ tone: 'plain', text: `${account.displayName} is ${disabled ? 'disabled' : 'enabled again'}.` })
    } catch (error) {
      complain(error)
    }
    onChanged()
  }
  const close = () => setAsking(null)
  return (
    <>
      <Menu
        items={[
          {
            label: 'Reset password …',
            disabled: !online || account.bot,
            run: () => setAsking('reset'),
          },
          null,
          account.disabled
            ? { label: 'Enable …', disabled: !online, run: () => setAsking('enable') }
            : {
                label: 'Disable …',
                tone: 'danger',
                disabled: !online || itself,
                run: () => setAsking('disable'),
              },
        ]}
      >
        <IconButton label={`More about ${account.displayName}`} icon={<Ellipsis size={16} />} />
      </Menu>
      {asking === 'reset' && <ResetPassword account={account} onClose={close} />}
      {asking === 'disable' && (
        <ConfirmNow
          title={`Disable ${account.displayName}?`}
          about="They are signed out everywhere at once and cannot sign in, and neither can their bots. What they wrote stays, and you can enable them again."
          done="Disable"
          onDone={() => void setDisabled(true)}
          onClose={close}
        />
      )}
      {asking === 'enable' && (
        <ConfirmNow
          title={`Enable ${account.displayName} again?`}
          about="They can sign in again as before. Bots of theirs stay disabled until you enable each."
          done="Enable"
          onDone={() => void setDisabled(false)}
          onClose={close}
        />
      )}
    </>
  )
}
