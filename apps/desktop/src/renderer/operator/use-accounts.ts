import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { pageItemsDefault, pageItemsMax } from '@parley/domain/limits'
import { engine } from '../live/clients.ts'
import type { Answers } from '../live/queries.ts'
import { accountsCalled } from './find-accounts.ts'

type Page = Answers['admin']['accounts']
export type Account = Page['accounts'][number]

export const accountsKey = ['admin-accounts'] as const

/**
 * All accounts of the server by username, a page at a time. The server finds no disabled accounts by name, so while
 * something is looked for, all pages come, and are looked through here.
 */
export function useAccounts(words: string) {
  const searching = words.trim() !== ''
  const pages = useInfiniteQuery({
    queryKey: accountsKey,
    queryFn: ({ pageParam }): Promise<Page> =>
      engine.admin.accounts.query({
        ...(pageParam !== null && { after: pageParam }),
        limit: pageParam === null ? pageItemsDefault : pageItemsMax,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: Page) => next,
    refetchOnMount: 'always',
    meta: { topics: ['app', 'connection'] },
  })
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = pages
  useEffect(() => {
    if (searching && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage()
  }, [searching, hasNextPage, isFetchingNextPage, isError, fetchNextPage])
  const all = pages.data?.pages.flatMap(({ accounts }) => accounts) ?? []
  return { pages, accounts: accountsCalled(all, words), stillLooking: searching && hasNextPage }
}
