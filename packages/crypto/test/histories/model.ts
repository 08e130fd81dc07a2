import type { AccountId } from '@parley/domain/ids'
import type { ChainEntry } from '@parley/domain/sealed/chain-entry'

/**
 * Who may read which epochs, said as simply as it can be and apart from the chain's own rules: a set for each time that somebody is in.
 * What an account may read as one identity is the union of the sets of that identity.
 */
export class Model {
  readonly #sets = new Map<AccountId, Map<string, Set<number>>>()
  readonly members = new Map<AccountId, string>()
  #epochs = 0
  #everything = true

  apply({ authorId, authorHead, change }: ChainEntry): void {
    const everything = () => {
      for (const id of this.members.keys())
        for (let at = 0; at < this.#epochs; at += 1) this.#setOf(id).add(at)
    }
    switch (change.op) {
      case 'create':
        this.#everything = change.history === 'everything'
        this.members.set(authorId, authorHead.identity)
        for (const { accountId, head } of change.members) this.members.set(accountId, head.identity)
        break
      case 'add':
        for (const { accountId, head } of change.members) this.members.set(accountId, head.identity)
        if (this.#everything) everything()
        break
      case 'join':
        this.members.set(authorId, authorHead.identity)
        if (this.#everything) everything()
        break
      case 'leave':
        this.members.delete(authorId)
        break
      case 'remove':
        for (const id of change.accountIds) this.members.delete(id)
        break
      case 'policy':
        this.#everything = change.history === 'everything'
        if (this.#everything) everything()
        break
      default:
    }
    if (!('epoch' in change) || change.epoch === null) return
    for (const id of this.members.keys()) this.#setOf(id).add(this.#epochs)
    this.#epochs += 1
  }

  mayRead(accountId: AccountId, identity: string, epoch: number): boolean {
    return this.#sets.get(accountId)?.get(identity)?.has(epoch) ?? false
  }

  #setOf(accountId: AccountId): Set<number> {
    const identity = this.members.get(accountId) ?? ''
    const sets = this.#sets.get(accountId) ?? new Map<string, Set<number>>()
    this.#sets.set(accountId, sets)
    const set = sets.get(identity) ?? new Set()
    sets.set(identity, set)
    return set
  }
}
