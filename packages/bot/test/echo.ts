import { openBot } from '@parley/bot/open-bot'

await using bot = await openBot({
  server: process.env.PARLEY_URL ?? 'http://localhost:4100',
  token: process.env.PARLEY_TOKEN,
  folder: process.env.PARLEY_FOLDER ?? 'echo-bot',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void bot.close())
bot.onMessage((message, reply) => reply(message.text))
console.log(`${bot.me.username} listens in ${bot.conversations().length} conversations`)
await bot.ended
