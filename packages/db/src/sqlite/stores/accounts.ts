import { usernameKey } from '@parley/domain/accounts'
import type { AccountId, Timestamp } from '@parley/domain/ids'
import { searchWordsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import BetterSqlite from 'better-sqlite3'
import { and, asc, eq, gt, inArray, lte, sql } from 'drizzle-orm'
import type { InferSelectModel } from 'drizzle-orm'
import type { AccountReads, AccountRow, AccountWrites, PersonRow } from '../../stores.ts'
import { beyond, wholeNameKey, wordsOf } from '../folding.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, nestedQuery, query, replaceOf } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { accountOf, personOf, storedAccount } from '../rows/accounts.ts'
import { account, accountName, identity } from '../schema/accounts.ts'

const byId = query((given: Given<{ id: AccountId }>) =>
  from
    .select()
    .from(account)
    .where(eq(account.id, given('id'))),
)

const byUsernameKey = query((given: Given<{ key: string }>) =>
  from
    .select()
    .from(account)
    .where(eq(account.usernameKey, given('key'))),
)

const byIdentity = nestedQuery((given: Given<{ issuer: string; subject: string }>) =>
  from
    .select()
    .from(identity)
    .innerJoin(account, eq(account.id, identity.accountId))
    .where(and(eq(identity.issuer, given('issuer')), eq(identity.subject, given('subject')))),
)

const subjectOf = query((given: Given<{ accountId: AccountId; issuer: string }>) =>
  from
    .select({ subject: identity.subject })
    .from(identity)
    .where(and(eq(identity.accountId, given('accountId')), eq(identity.issuer, given('issuer'))))
    .orderBy(asc(identity.subject))
    .limit(1),
)

const pageAfter = query((given: Given<{ after: string; disabledMax: 0 | 1; limit: number }>) =>
  from
    .select()
    .from(account)
    .where(and(gt(account.usernameKey, given('after')), lte(account.disabled, given('disabledMax'))))
    .orderBy(asc(account.usernameKey))
    .limit(given('limit')),
)

const byWholeName = query((given: Given<{ key: string; limit: number }>) =>
  from
    .select()
    .from(account)
    .where(
      and(
        inArray(
          account.id,
          from
            .select({ id: accountName.accountId })
            .from(accountName)
            .where(and(eq(accountName.whole, 1), eq(accountName.key, given('key')))),
        ),
        eq(account.disabled, 0),
      ),
    )
    .orderBy(asc(account.usernameKey))
    .limit(given('limit')),
)

const byOwner = query((given: Given<{ ownerId: AccountId }>) =>
  from
    .select()
    .from(account)
    .where(eq(account.ownerId, given('ownerId')))
    .orderBy(asc(account.usernameKey)),
)

const countAll = query(() => from.select({ count: sql<number>`count(*)`.as('count') }).from(account))

/**
 * The first word leads through the index, which holds accounts by word; the others are looked up for each account that
 * it leads to.
 */
const searchOf = (words: number) => {
  const others = Array.from(
    { length: words - 1 },
    () =>
      `and exists (select 1 from accountName w where w.accountId = lead.accountId and w.whole = 0 and w.key between ? and ?)`,
  )
  return new RawQuery<(string | number)[], InferSelectModel<typeof account>>(`
    select account.* from (
      select distinct lead.accountId as id from accountName lead cross join account on account.id = lead.accountId
      where lead.whole = 0 and lead.key between ? and ? and account.disabled <= ? ${others.join(' ')}
      limit ?
    ) found cross join account on account.id = found.id order by account.usernameKey`)
}
const searches = Array.from({ length: searchWordsMax }, (_, index) => searchOf(index + 1))

const insertAccount = insertOf(account)
const replaceAccount = replaceOf(account, 'id')
const insertName = insertOf(accountName, 'on conflict do nothing')
const removeNames = new RawQuery<[AccountId]>('delete from accountName where accountId = ?')
const insertIdentity = insertOf(identity)
const setLastSeen = new RawQuery<[at: Timestamp, id: AccountId]>(
  'update account set lastSeenAt = ? where id = ?',
)

export class AccountReading<Handle extends ReadHandle = ReadHandle> implements AccountReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async byId(id: AccountId): Promise<AccountRow | null> {
    const row = byId.get(this.handle.connection, { id })
    return row ? accountOf(row) : null
  }

  async byUsername(username: string): Promise<AccountRow | null> {
    const row = byUsernameKey.get(this.handle.connection, { key: usernameKey(username) })
    return row ? accountOf(row) : null
  }

  async byIdentity(issuer: string, subject: string): Promise<AccountRow | null> {
    const row = byIdentity.get(this.handle.connection, { issuer, subject })
    return row ? accountOf(row.account) : null
  }

  async subjectOf(accountId: AccountId, issuer: string): Promise<string | null> {
    return subjectOf.get(this.handle.connection, { accountId, issuer })?.subject ?? null
  }

  async page(input: {
    after?: string | undefined
    limit: number
    withDisabled?: boolean
  }): Promise<PersonRow[]> {
    const after = usernameKey(input.after ?? '')
    const disabledMax = input.withDisabled === true ? 1 : 0
    return pageAfter.all(this.handle.connection, { after, disabledMax, limit: input.limit }).map(personOf)
  }

  async search(
    words: string,
    limit: number,
    { withDisabled = false }: { withDisabled?: boolean } = {},
  ): Promise<PersonRow[]> {
    const longestFirst = [...new Set(wordsOf(words))].toSorted((one, other) => other.length - one.length)
    const sought = longestFirst.slice(0, searchWordsMax)
    const search = searches[sought.length - 1]
    if (!search) return []
    const [lead = [], ...others] = sought.map((word) => [word, beyond(word)])
    return search
      .on(this.handle.connection)
      .all(...lead, withDisabled ? 1 : 0, ...others.flat(), limit)
      .map(personOf)
  }

  async named(name: string, limit: number): Promise<PersonRow[]> {
    return byWholeName.all(this.handle.connection, { key: wholeNameKey(name.trim()), limit }).map(personOf)
  }

  async ofOwner(ownerId: AccountId): Promise<PersonRow[]> {
    return byOwner.all(this.handle.connection, { ownerId }).map(personOf)
  }

  async many(ids: readonly AccountId[]): Promise<PersonRow[]> {
    const { connection } = this.handle
    return ids.flatMap((id) => {
      const row = byId.get(connection, { id })
      return row ? [personOf(row)] : []
    })
  }

  async count(): Promise<number> {
    return countAll.get(this.handle.connection, {})?.count ?? 0
  }
}

export class AccountWriting extends AccountReading<WriteHandle> implements AccountWrites {
  async insert(row: AccountRow): Promise<void> {
    const { connection } = this.handle
    refusingTaken(() => insertAccount.on(connection).run(storedAccount(row)))
    this.#storeNames(row)
  }

  async update(id: AccountId, change: Parameters<AccountWrites['update']>[1]): Promise<void> {
    const { connection } = this.handle
    const row = byId.get(connection, { id })
    if (!row) throw new Error(`There is no account ${id}`)
    const changed = { ...accountOf(row), ...change }
    refusingTaken(() => replaceAccount.on(connection).run(storedAccount(changed)))
    this.#storeNames(changed)
  }

  async linkIdentity(id: AccountId, issuer: string, subject: string): Promise<void> {
    insertIdentity.on(this.handle.connection).run({ issuer, subject, accountId: id })
  }

  async setLastSeen(seen: readonly { id: AccountId; at: Timestamp }[]): Promise<void> {
    const statement = setLastSeen.on(this.handle.connection)
    for (const { id, at } of seen) statement.run(at, id)
  }

  #storeNames(row: AccountRow): void {
    const { connection } = this.handle
    removeNames.on(connection).run(row.id)
    const insert = insertName.on(connection)
    const wholes = [
      row.username,
      row.displayName,
      row.name,
      row.lastName,
      `${row.name} ${row.lastName}`.trim(),
    ]
    for (const whole of wholes) {
      if (whole !== '') insert.run({ accountId: row.id, whole: 1, key: wholeNameKey(whole) })
      for (const word of wordsOf(whole)) insert.run({ accountId: row.id, whole: 0, key: word })
    }
  }
}

const refusingTaken = (write: () => void): void => {
  try {
    write()
  } catch (error) {
    if (error instanceof BetterSqlite.SqliteError && error.message.includes('account.usernameKey')) {
      throw new Refusal('username-taken', 'This username is taken; choose another one', { field: 'username' })
    }
    throw error
  }
}
