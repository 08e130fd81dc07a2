// A bot that stops in the midst of a message, for tests that kill it there: before it answers `before …`, and after the server
// has the answer to `after …`.
import { openBot } from '@parley/bot/open-bot'

const bot = await openBot({
  server: process.env.PARLEY_URL ?? '',
  token: process.env.PARLEY_TOKEN,
  folder: process.env.PARLEY_FOLDER ?? '',
})
bot.onMessage(async (message, reply) => {
  if (!message.text.startsWith('before')) await reply(message.text)
  console.log(`has ${message.text}`)
  if (message.text.startsWith('before') || message.text.startsWith('after')) await new Promise(() => {})
})
console.log('listens')
await bot.ended
