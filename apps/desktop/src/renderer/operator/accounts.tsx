import { useQueryClient } from '@tanstack/react-query'
import { Plus, Search, UserRoundX } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { FromServer, useOnline } from '../ui/from-server.tsx'
import { Panel } from '../ui/panel.tsx'
import { Empty } from '../ui/states.tsx'
import { AccountTable } from './account-table.tsx'
import { MakeAccount } from './make-account.tsx'
import { accountsKey, useAccounts } from './use-accounts.ts'

/** Everybody who has an account here, disabled ones too. */
export function Accounts() {
  const [words, setWords] = useState('')
  const [making, setMaking] = useState(false)
  const { pages, accounts, stillLooking } = useAccounts(words)
  const online = useOnline()
  const queries = useQueryClient()
  const again = () => void queries.invalidateQueries({ queryKey: accountsKey })
  return (
    <Panel
      title="Accounts"
      about="Everybody on this server, bots and disabled accounts too."
      width="wide"
      action={
        <Button disabled={!online} onClick={() => setMaking(true)}>
          <Plus aria-hidden size={16} />
          Make an account
        </Button>
      }
    >
      <div className="-mt-4 flex flex-col gap-3">
        <label className="flex h-8 items-center gap-2 rounded-medium border border-line bg-ground px-2.5 focus-within:border-accent">
          <Search aria-hidden size={16} className="text-dim" />
          <input
            type="search"
            aria-label="Find an account"
            placeholder="Find by name"
            value={words}
            onChange={(event) => setWords(event.target.value)}
            className="min-w-0 flex-1 bg-transparent outline-none select-text placeholder:text-dim [&::-webkit-search-cancel-button]:hidden"
          />
        </label>
        <div className="overflow-hidden rounded-large border border-line bg-raised">
          <FromServer query={pages} lines={6}>
            {() =>
              accounts.length === 0 && !stillLooking ? (
                <Empty icon={<UserRoundX size={20} />} title="Nobody is called that">
                  <p>Look for how a username or another name begins.</p>
                </Empty>
              ) : (
                <AccountTable accounts={accounts} onChanged={again} />
              )
            }
          </FromServer>
        </div>
        <div className="flex min-h-8 items-center justify-between gap-4">
          <span role="status" className="text-small text-dim">
            {stillLooking ? 'Looking …' : countOf(accounts.length, pages.hasNextPage)}
          </span>
          {pages.hasNextPage && !stillLooking && (
            <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {pages.isFetchingNextPage ? 'Loading …' : 'Show more'}
            </Button>
          )}
        </div>
      </div>
      {making && <MakeAccount onMade={again} onClose={() => setMaking(false)} />}
    </Panel>
  )
}

const countOf = (count: number, more: boolean) =>
  count === 0
    ? ''
    : `${more ? 'The first ' : ''}${count.toLocaleString()} ${count === 1 ? 'account' : 'accounts'}`
