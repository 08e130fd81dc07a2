import type { AccountId } from '@parley/domain/ids'
import { act } from '../live/act.ts'
import { notice } from '../state/notices.ts'
import { go } from '../state/place.ts'

/** Opens the conversation with somebody at once; where there is none yet it is made on the way, as it is wished. */
export async function talkTo(
  accountId: AccountId,
  { sealed = false }: { readonly sealed?: boolean } = {},
): Promise<void> {
  const operation = await act({ kind: 'open-direct', accountId, ...(sealed && { sealed }) })
  if (operation?.makes) go({ kind: 'conversation', id: operation.makes })
}

/** Asks somebody to talk, who says yes or no. */
export async function inviteToTalk(accountId: AccountId, name: string): Promise<void> {
  const operation = await act({ kind: 'invite', accountId })
  if (!operation) return
  notice({
    tone: 'plain',
    text: `${name} is asked to talk to you.`,
    action: { label: 'Show', run: () => go({ kind: 'requests' }) },
  })
}
