import { create } from 'zustand'

/** The row whose emoji are asked for by key or menu, which are elsewhere than the button that opens them. */
export const useReacting = create<{ readonly key: string | null }>(() => ({ key: null }))

export function askForReaction(key: string | null): void {
  useReacting.setState({ key })
}
