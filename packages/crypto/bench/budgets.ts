import { styleText } from 'node:util'
import { newestEpoch } from '@parley/domain/sealed/chain'
import { readChain } from '../src/chain-author.ts'
import { recipientsOf, sealGrants } from '../src/grants.ts'
import { openMessage, sealMessage } from '../src/messages.ts'
import { accountId, clientMessageId, Person, primitives, Stage } from '../test/people.ts'

// The budgets of cryptography, on one core of whatever machine this is: `npm run bench -- crypto`.

interface Budget {
  readonly name: string
  readonly ms: number
  readonly budgetMs: number
}

const text = 'The quick brown fox jumps over the lazy dog, and then it does so once more. '.repeat(3)
const messages = 2_000
const members = 1_000

/** Milliseconds of processor time, of all threads. */
async function cpuOf(work: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

async function messageBudgets(): Promise<Budget[]> {
  const [ada, bob] = [new Person(1), new Person(2)]
  const stage = new Stage([ada, bob])
  const places = Array.from({ length: messages }, (_, at) => ({
    ...stage.place(ada, 1),
    clientMessageId: clientMessageId(at),
  }))
  const seal = () => places.map((place) => sealMessage(stage.writing(ada.device), place, { text }))
  const reading = stage.reading(bob)
  seal()
  const sealed: string[] = []
  const sealing = await cpuOf(() => void sealed.push(...seal()))
  const received = places.map((place, at) => ({ place, sealed: sealed[at] ?? '' }))
  const open = () => {
    for (const one of received) openMessage(reading, one)
  }
  open()
  const opening = await cpuOf(open)
  return [
    { name: 'sealing and signing a message', ms: sealing / messages, budgetMs: 0.15 },
    { name: 'verifying and opening a message', ms: opening / messages, budgetMs: 0.15 },
  ]
}

async function crowdBudgets(): Promise<Budget[]> {
  const people = Array.from({ length: members }, (_, at) => new Person(at + 1))
  const [ada] = people
  if (!ada) throw new RangeError('There is nobody.')
  const stage = new Stage(people)
  const give = async () => {
    const { number } = newestEpoch(stage.chain)
    const { recipients } = recipientsOf(stage.chain, stage.lists, number)
    await sealGrants(stage.granting(ada), recipients, { first: number, last: number })
  }
  await give()
  const granting = await cpuOf(give)
  const removing = await cpuOf(async () => {
    const epoch = stage.newEpoch()
    const change = { op: 'remove', accountIds: [accountId(members)], epoch, heads: [] } as const
    stage.write(ada, change)
    await give()
  })
  const reading = await cpuOf(() => {
    readChain(primitives, stage.lists, stage.entries)
  })
  return [
    { name: `granting a key to ${members} devices`, ms: granting, budgetMs: 500 },
    {
      name: `removing one of ${members} members, with a new key for the others`,
      ms: removing,
      budgetMs: 1_000,
    },
    { name: `reading a chain of two entries and ${members} members`, ms: reading, budgetMs: 1_000 },
  ]
}

const budgets = [...(await messageBudgets()), ...(await crowdBudgets())]
for (const { name, ms, budgetMs } of budgets) {
  const met = ms <= budgetMs
  const figures = `${ms.toFixed(ms < 1 ? 4 : 1).padStart(9)} ms of ${budgetMs}`
  console.log(
    `${styleText(met ? 'green' : 'red', met ? 'met    ' : 'not met')} ${figures.padEnd(24)} ${name}`,
  )
}
if (budgets.some(({ ms, budgetMs }) => ms > budgetMs)) process.exitCode = 1
