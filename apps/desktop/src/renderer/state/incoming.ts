import { create } from 'zustand'
import type { JoinLink } from './overlay.ts'

/** An invitation that somebody followed before being in: where the way in leads. */
export const useIncoming = create<{ readonly invitation: JoinLink | null }>(() => ({ invitation: null }))
