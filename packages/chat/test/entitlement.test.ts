import { addMembers, removeMember } from '@parley/chat/conversations/members'
import { sendMessage } from '@parley/chat/messages/send'
import type { Actor } from '@parley/chat/actor'
import type { LoggedEntry } from '@parley/db/stores'
import type { AccountId, ConversationId } from '@parley/domain/ids'
import type { Entry } from '@parley/domain/stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { farAway, follow, group, person, saying, testChat, TestSink, type TestChat } from './harness.ts'

const peopleCount = 4
const groupCount = 2

type Step =
  | { do: 'send' | 'add' | 'remove'; who: number; where: number }
  | { do: 'come' | 'go' | 'stall' | 'resume'; who: number }
  | { do: 'settle' }

const who = fc.nat(peopleCount - 1)
const where = fc.nat(groupCount - 1)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), who, where }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('add' as const, 'remove' as const), who, where }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('come' as const, 'go' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('stall' as const, 'resume' as const), who }) },
  { weight: 3, arbitrary: fc.constant({ do: 'settle' as const }) },
)

const conversationOf = (entry: Entry): ConversationId | null => {
  if (entry.kind === 'message' || entry.kind === 'message-changed') return entry.message.conversationId
  if (entry.kind === 'member' || entry.kind === 'member-left') return entry.conversationId
  return entry.kind === 'conversation' ? entry.conversation.id : null
}

/** What really happened, from the commits themselves: who was in which conversation from where to where. */
class Truth {
  readonly log: LoggedEntry[] = []
  readonly commitOf = new Map<number, number>()
  readonly stays: { account: AccountId; conversation: ConversationId; from: number; to: number | null }[] = []
  commits = 0

  commit(entries: readonly LoggedEntry[]): void {
    this.commits += 1
    for (const entry of entries) {
      this.log.push(entry)
      this.commitOf.set(entry.position, this.commits)
      if (entry.kind === 'joined') {
        this.stays.push({
          account: entry.channel,
          conversation: entry.subject,
          from: entry.position,
          to: null,
        })
      }
      if (entry.kind === 'left') {
        const stay = this.stays.findLast(
          (each) => each.account === entry.channel && each.conversation === entry.subject,
        )
        if (stay) stay.to = entry.position
      }
    }
  }

  /** Whether an account may receive an entry at this moment. */
  allows(account: AccountId, entry: Entry): boolean {
    const conversation = conversationOf(entry)
    if (conversation === null) return true
    return this.stays.some(
      (stay) =>
        stay.account === account &&
        stay.conversation === conversation &&
        stay.from <= entry.position &&
        // Gone means nothing more (P6), but for what the very commit that ended it says first.
        (stay.to === null || (entry.position < stay.to && this.commitOf.get(stay.to) === this.commits)),
    )
  }

  /** Everything that an account must have got once it has read all. */
  owes(account: AccountId): number[] {
    const open = this.stays.filter((stay) => stay.account === account && stay.to === null)
    return this.log
      .filter(
        ({ channel, position }) =>
          channel === '*' ||
          channel === account ||
          open.some((stay) => stay.conversation === channel && stay.from <= position),
      )
      .map(({ position }) => position)
  }
}

interface Follower {
  actor: Actor
  sink: TestSink | null
  detach: () => void
  cursor: number
  got: number[]
}

function come(testing: TestChat, truth: Truth, follower: Follower): void {
  if (follower.sink) return
  const sink = new TestSink()
  sink.onEntry = (entry) => {
    expect(
      truth.allows(follower.actor.accountId, entry),
      `${entry.kind} at ${entry.position} is not for this account now`,
    ).toBe(true)
    follower.got.push(entry.position)
  }
  const following = follow(testing, follower.actor, follower.cursor, sink)
  follower.sink = sink
  follower.detach = () => {
    following[Symbol.dispose]()
    follower.cursor = sink.cursor || follower.cursor
    follower.sink = null
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('P3 P4 P6: any history of joins, removals and sends shows each reader exactly what it is entitled to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }),
      fc.boolean(),
      async (steps, isFar) => {
        const truth = new Truth()
        await using testing = await testChat({}, (db) => {
          db.onCommit((entries) => truth.commit(entries))
          return isFar ? farAway(db) : db
        })
        const { chat } = testing
        const people = await Promise.all(
          Array.from({ length: peopleCount }, (_, index) => person(testing, `person-${index}`)),
        )
        const founder = await person(testing, 'founder')
        const groups = await Promise.all(
          Array.from({ length: groupCount }, () =>
            group(testing, founder, { members: people.map(({ accountId }) => accountId) }),
          ),
        )
        const followers = people.map((actor): Follower => ({
          actor,
          sink: null,
          detach: () => undefined,
          cursor: 0,
          got: [],
        }))
        const under: Promise<unknown>[] = []
        const attempt = (doing: Promise<unknown>) =>
          under.push(doing.catch((error: unknown) => expect(error).toHaveProperty('kind')))

        for (const each of steps) {
          if (each.do === 'settle') {
            await Promise.all(under.splice(0))
            continue
          }
          const follower = followers[each.who]
          if (!follower) continue
          const { actor } = follower
          if (!('where' in each)) {
            if (each.do === 'come') come(testing, truth, follower)
            else if (each.do === 'go') follower.detach()
            else if (each.do === 'stall') follower.sink?.stall()
            else follower.sink?.resume()
          } else {
            const conversationId = groups[each.where]?.id
            if (!conversationId) continue
            const { accountId } = actor
            if (each.do === 'send')
              attempt(sendMessage(chat, actor, saying(conversationId, 'x'.repeat(9_000))))
            else if (each.do === 'add')
              attempt(addMembers(chat, founder, { conversationId, accountIds: [accountId] }))
            else attempt(removeMember(chat, founder, { conversationId, accountId }))
          }
          if (each.who % 2 === 0) await turn()
        }
        await Promise.all(under)

        for (const follower of followers) {
          follower.detach()
          come(testing, truth, follower)
          await follower.sink?.until(({ events }) => events.some(({ kind }) => kind === 'live'))
          const { got, actor } = follower
          expect(got).toEqual(got.toSorted((one, other) => one - other))
          expect(new Set(got).size).toBe(got.length)
          expect(got).toEqual(expect.arrayContaining(truth.owes(actor.accountId)))
          follower.detach()
        }
        expect(testing.logged).toEqual([])
      },
    ),
    { numRuns: 80 },
  )
})
