import type { Api } from '@parley/testkit/people'

type Sending = Parameters<Api['messages']['send']['mutate']>[0]

export const newId = () => crypto.randomUUID()

/** Sends a text, with whatever goes with it. */
export const say = (
  { api }: { readonly api: Api },
  conversationId: string,
  text: string,
  more: Partial<Sending> = {},
) =>
  api.messages.send.mutate({
    conversationId,
    clientMessageId: newId(),
    content: { kind: 'plain', text },
    ...more,
  })

/** One after the other. @returns their ids. */
export async function sayAll(
  person: { readonly api: Api },
  conversationId: string,
  texts: readonly string[],
): Promise<number[]> {
  const ids: number[] = []
  for (const text of texts) ids.push((await say(person, conversationId, text)).messageId)
  return ids
}
