import { connect } from '@parley/client/connect'
import type { ConversationId } from '@parley/domain/ids'
import type { TestPerson } from '@parley/testkit/people'

/**
 * What the server has of a conversation, in its order, from the first message to the one that says this: read from the
 * log, so that whoever waits for a message waits for no clock.
 */
export async function heardUpTo(
  server: { readonly url: string },
  person: TestPerson,
  conversationId: ConversationId,
  last: string,
): Promise<string[]> {
  await using client = connect({ url: server.url, token: person.token })
  const { logId } = await client.api.stream.snapshot.query()
  const texts: string[] = []
  for await (const event of client.follow({ cursor: 0, logId })) {
    if (event.kind !== 'entries') continue
    for (const entry of event.entries) {
      if (entry.kind !== 'message' || entry.message.conversationId !== conversationId) continue
      const { content } = entry.message
      if (content.kind !== 'plain') continue
      texts.push(content.text)
      if (content.text === last) return texts
    }
  }
  throw new Error(`'${last}' never came`)
}
