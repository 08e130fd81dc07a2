import { create } from 'zustand'

/** Names of groups that one asked to get into, by id: no other part of the app knows a group that one is not in. */
export const useMetGroups = create<{ readonly names: ReadonlyMap<string, string> }>(() => ({
  names: new Map(),
}))

export function rememberGroup({ id, name }: { readonly id: string; readonly name: string }): void {
  useMetGroups.setState(({ names }) => ({ names: new Map(names).set(id, name) }))
}
