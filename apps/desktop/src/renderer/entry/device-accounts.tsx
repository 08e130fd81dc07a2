import { useQuery } from '@tanstack/react-query'
import { complain } from '../live/act.ts'
import { engine } from '../live/clients.ts'
import { accountsQuery } from '../live/queries.ts'
import { Avatar } from '../ui/avatar.tsx'

/** Accounts that are signed in on this device already. */
export function DeviceAccounts({ except }: { readonly except?: string | undefined }) {
  const { data: all = [] } = useQuery(accountsQuery)
  const accounts = all.filter(({ key }) => key !== except)
  if (accounts.length === 0) return null
  return (
    <section aria-label="Accounts on this device" className="flex flex-col gap-2">
      <h2 className="px-1 text-small font-medium text-dim">Already on this device</h2>
      <ul className="flex flex-col gap-px overflow-hidden rounded-large border border-line bg-line">
        {accounts.map((account) => (
          <li key={account.key}>
            <button
              type="button"
              onClick={() => void engine.app.switchTo.mutate({ key: account.key }).catch(complain)}
              className="flex w-full items-center gap-3 bg-raised px-4 py-2.5 text-left -outline-offset-2 hover:bg-hover"
            >
              <Avatar seed={account.accountId} name={account.displayName} />
              <span className="flex min-w-0 flex-col">
                <span className="truncate font-medium">{account.displayName}</span>
                <span className="truncate text-small text-dim">
                  {account.username} · {account.serverName}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
