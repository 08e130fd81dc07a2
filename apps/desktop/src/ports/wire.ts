import { z } from 'zod'

/** Calls under way on one port; a caller over it is a defect of ours, and is refused. */
export const callsAtOnceMax = 1_000

/** What the caller says. Ids are the caller's, and are never used twice on a port. */
export const Asked = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('call'),
    id: z.int(),
    type: z.enum(['query', 'mutation', 'subscription']),
    path: z.string(),
    input: z.unknown().optional(),
  }),
  z.strictObject({ kind: z.literal('stop'), id: z.int() }),
])
export type Asked = z.infer<typeof Asked>

/** Why a call failed, as it travels: errors lose their class on the way. */
export interface Trouble {
  readonly kind: string
  readonly message: string
  readonly field?: string | undefined
  readonly retryAfterMs?: number | undefined
}

/** What is answered. A subscription has any number of `item`s, and then one `done` or `failed`. */
export type Answered =
  | { readonly kind: 'done'; readonly id: number; readonly data?: unknown }
  | { readonly kind: 'item'; readonly id: number; readonly data: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly trouble: Trouble }
