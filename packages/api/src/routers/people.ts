import { getPerson, listPeople, searchPeople } from '@parley/chat/accounts/people'
import { AccountRef, ListPeople, SearchPeople } from '@parley/domain/accounts'
import { procedure, router } from '../trpc.ts'

export const people = router({
  list: procedure.input(ListPeople).query(({ ctx, input }) => listPeople(ctx.chat, input)),
  search: procedure.input(SearchPeople).query(({ ctx, input }) => searchPeople(ctx.chat, input)),
  get: procedure.input(AccountRef).query(({ ctx, input }) => getPerson(ctx.chat, input.accountId)),
})
