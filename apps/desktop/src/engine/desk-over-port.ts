import type { DeskRouter } from '../main/desk.ts'
import type { clientOver } from '../ports/caller.ts'
import type { DeskPort } from './desk-port.ts'

/** What main does for the engine, over their port. */
export function deskOver(desk: ReturnType<typeof clientOver<DeskRouter>>): DeskPort {
  return {
    protection: () => desk.keys.protection.query(),
    protect: (secret) => desk.keys.protect.mutate({ secret }),
    unprotect: (wrapped) => desk.keys.unprotect.mutate({ wrapped }),
    claimFile: (handle) => desk.files.claim.mutate({ handle }),
    openExternal: (url) => desk.openExternal.mutate({ url }),
  }
}
