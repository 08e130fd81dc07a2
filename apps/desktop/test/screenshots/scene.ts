import type { ConversationId } from '@parley/domain/ids'
import { httpApi, makeGroup, newClientMessageId, signUp, type TestPerson } from '@parley/testkit/people'
import type { TestServer } from '@parley/testkit/start-server'
import { password } from '../e2e/device.ts'

/** A small office, in which enough was said to look at. */
export async function furnish(server: TestServer): Promise<AsyncDisposableStack> {
  const office = new AsyncDisposableStack()
  const person = async (username: string, displayName: string) =>
    office.use(await signUp(server, { username, displayName, password }))
  const ada = await person('ada', 'Ada Lovelace')
  const grace = await person('grace', 'Grace Hopper')
  const alan = await person('alan', 'Alan Turing')
  const edsger = await person('edsger', 'Edsger Dijkstra')
  const barbara = await person('barbara', 'Barbara Liskov')
  await server.chat.db.write((tx) => tx.accounts.update(ada.account.id, { operator: true }))

  const release = await makeGroup(ada, [grace, alan, barbara], { name: 'Release 4.2' })
  await ada.api.conversations.describe.mutate({
    conversationId: release,
    description: 'What goes in, and when it goes out',
  })
  const builds = await ada.api.bots.make.mutate({ username: 'builds', displayName: 'Builds' })
  await ada.api.conversations.addMembers.mutate({
    conversationId: release,
    accountIds: [builds.account.id],
  })
  const plan = await say(
    ada,
    release,
    'Shall we cut the branch on **Thursday**? Two things are open:\n\n- the installer for macOS\n- `parseLink`, which takes links without a server',
  )
  await react(grace, release, plan, '👍')
  await react(alan, release, plan, '👍')
  await say(grace, release, 'Thursday is fine. The installer is signed since this morning.', {
    replyTo: plan,
  })
  await say(
    alan,
    release,
    'Here is what `parseLink` does now:\n\n```ts\nconst link = parseLink(text)\nif (!link) return refuse(text)\n```',
  )
  const found = await say(
    barbara,
    release,
    'I ran it over all links of the last year: none is refused that was good. 🎉',
  )
  await react(ada, release, found, '🎉')
  await say({ api: httpApi(server.url, builds.token) }, release, 'Build `4.2-rc1` passed: 2,318 tests.')
  await say(ada, release, 'Then it goes in. Thank you!')
  await say(grace, release, '@ada could you look over the notes once more before they go out?', {
    mentions: [ada.account.id],
  })

  const design = await makeGroup(grace, [ada, edsger], { name: 'Design' })
  await say(edsger, design, 'A quiet page is worth a thousand buttons.')
  const lunch = await makeGroup(alan, [ada, grace, edsger, barbara], { name: 'Lunch' })
  await say(alan, lunch, 'Noodles at noon?')
  await say(barbara, lunch, 'In.')
  const direct = await grace.api.conversations.openDirect.mutate({ accountId: ada.account.id })
  await say(grace, direct.id, 'The figures are in, and they are good.')
  const reading = await grace.api.conversations.makeGroup.mutate({
    name: 'Reading circle',
    description: 'A paper a week, and biscuits',
    joinPolicy: 'approval',
    listed: true,
  })
  await say(grace, reading.id, 'This week: “Time, Clocks, and the Ordering of Events”.')
  await edsger.api.conversations.makeGroup.mutate({
    name: 'Puzzles',
    description: 'One each Friday',
    joinPolicy: 'open',
    listed: true,
  })
  const garden = await ada.api.conversations.makeGroup.mutate({
    name: 'Garden',
    joinPolicy: 'approval',
    listed: true,
  })
  await barbara.api.joinRequests.ask.mutate({ conversationId: garden.id })
  await edsger.api.invitations.send.mutate({ accountId: ada.account.id })
  return office
}

async function say(
  person: Pick<TestPerson, 'api'>,
  conversationId: ConversationId,
  text: string,
  more: { replyTo?: number; mentions?: TestPerson['account']['id'][] } = {},
) {
  const { messageId } = await person.api.messages.send.mutate({
    conversationId,
    clientMessageId: newClientMessageId(),
    content: { kind: 'plain', text },
    ...(more.mentions && { mentions: more.mentions }),
    ...(more.replyTo !== undefined && { replyTo: more.replyTo }),
  })
  return messageId
}

const react = (person: TestPerson, conversationId: ConversationId, messageId: number, emoji: string) =>
  person.api.messages.react.mutate({ conversationId, messageId, emoji, on: true })
