import type { InviteLinkId } from '@parley/domain/ids'
import { asc, eq } from 'drizzle-orm'
import type { InviteLinkReads, InviteLinkRow, InviteLinkWrites } from '../../stores.ts'
import type { ReadHandle, WriteHandle } from '../handle.ts'
import { from, insertOf, query } from '../query.ts'
import { RawQuery } from '../raw-query.ts'
import type { Given } from '../query.ts'
import { inviteLinkOf, storedInviteLink } from '../rows/accounts.ts'
import { inviteLink } from '../schema/accounts.ts'

const bySecretHash = query((given: Given<{ hash: Uint8Array }>) =>
  from
    .select()
    .from(inviteLink)
    .where(eq(inviteLink.secretHash, given('hash'))),
)

const all = query(() => from.select().from(inviteLink).orderBy(asc(inviteLink.createdAt), asc(inviteLink.id)))

const insertLink = insertOf(inviteLink)
const takeUse = new RawQuery<[InviteLinkId]>('update inviteLink set usesLeft = usesLeft - 1 where id = ?')
const removeUsedUp = new RawQuery<[InviteLinkId]>('delete from inviteLink where id = ? and usesLeft <= 0')
const removeLink = new RawQuery<[InviteLinkId]>('delete from inviteLink where id = ?')

export class InviteLinkReading<Handle extends ReadHandle = ReadHandle> implements InviteLinkReads {
  protected readonly handle: Handle

  constructor(handle: Handle) {
    this.handle = handle
  }

  async bySecretHash(hash: Uint8Array): Promise<InviteLinkRow | null> {
    const row = bySecretHash.get(this.handle.connection, { hash })
    return row ? inviteLinkOf(row) : null
  }

  async all(): Promise<InviteLinkRow[]> {
    return all.all(this.handle.connection, {}).map(inviteLinkOf)
  }
}

export class InviteLinkWriting extends InviteLinkReading<WriteHandle> implements InviteLinkWrites {
  async insert(row: InviteLinkRow): Promise<void> {
    insertLink.on(this.handle.connection).run(storedInviteLink(row))
  }

  async use(id: InviteLinkId): Promise<void> {
    const { connection } = this.handle
    if (takeUse.on(connection).run(id).changes === 0) throw new Error(`There is no invite link ${id}`)
    removeUsedUp.on(connection).run(id)
  }

  async remove(id: InviteLinkId): Promise<boolean> {
    return removeLink.on(this.handle.connection).run(id).changes > 0
  }
}
