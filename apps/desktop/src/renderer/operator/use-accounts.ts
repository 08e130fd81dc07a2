import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { pageItemsDefault, pageItemsMax, searchCharsMax } from '@parley/domain/limits'
import { engine } from '../live/clients.ts'
import type { Answers } from '../live/queries.ts'

type Page = Answers['admin']['accounts']
export type Account = Page['accounts'][number]

export const accountsKey = ['admin-accounts'] as const

/** The accounts of the server by username, a page at a time; or those that are called so, which the server finds. */
export function useAccounts(typed: string) {
  const words = typed.trim().slice(0, searchCharsMax)
  const pages = useInfiniteQuery({
    queryKey: [...accountsKey, words],
    queryFn: ({ pageParam }): Promise<Page> =>
      engine.admin.accounts.query({
        ...(words !== '' && { words }),
        ...(pageParam !== null && { after: pageParam }),
        limit: words === '' && pageParam === null ? pageItemsDefault : pageItemsMax,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: Page) => next,
    // What was found stays while more is typed.
    placeholderData: keepPreviousData,
    refetchOnMount: 'always',
    meta: { topics: ['app', 'connection'] },
  })
  const accounts = pages.data?.pages.flatMap((page) => page.accounts) ?? []
  return { pages, accounts, stillLooking: pages.isPlaceholderData }
}
