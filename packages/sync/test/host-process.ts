// A process that hosts an engine and does what it is told on the command line, for tests that kill it.
import { ConversationId } from '@parley/domain/ids'
import { engineAt } from './devices.ts'

const [url = '', token = '', path = '', conversation = '', count = '', file = ''] = process.argv.slice(2)
const conversationId = ConversationId.parse(conversation)
const engine = engineAt({ url, token, path })
// With a file, one message carries it.
const attachments = file
  ? [
      (await engine.addAttachment(conversationId, { name: 'large', mediaType: '', content: { path: file } }))
        .id,
    ]
  : []
for (let index = 1; index <= Number(count); index += 1) {
  const operation = engine.act({
    kind: 'send',
    conversationId,
    content: { kind: 'plain', text: `kept ${index}` },
    ...(index === 1 && attachments.length > 0 && { attachments }),
  })
  // Whoever reads this may believe that it is on disk.
  process.stdout.write(`${operation.id}\n`)
}
