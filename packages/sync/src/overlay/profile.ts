import type { Profile } from '@parley/domain/accounts'
import type { Queued } from '../store/operations.ts'

/** Somebody's own names, once all changes of them that wait have happened. */
export function profileAfter<Named extends Profile>(me: Named, queued: readonly Queued[]): Named {
  const names: Profile = me
  const { username, displayName, name, lastName } = queued.reduce<Profile>(
    (before, { action, state }) =>
      action.kind === 'update-profile' && state !== 'refused'
        ? { ...before, ...given(action.profile) }
        : before,
    names,
  )
  return { ...me, username, displayName, name, lastName }
}

/** What is `undefined` is not changed. */
const given = (change: { readonly [Key in keyof Profile]?: Profile[Key] | undefined }): Partial<Profile> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
