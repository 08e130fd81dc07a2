import { afterAll, describe, expect, test } from 'vitest'
import { say } from './saying.ts'
import { groupOf, refusal, Stage } from './stage.ts'

const stage = await Stage.open()
afterAll(() => stage.close())

describe('the lists of conversations', () => {
  test('listed groups are found by the beginnings of words of their names, page by page', async () => {
    const [ada, eve] = await stage.people(2)
    const names = ['Órgano uno', 'organo dos', 'Organo tres', 'órgano cuatro', 'Organo cinco']
    for (const name of names) await groupOf(ada, [], { name, listed: true, joinPolicy: 'approval' })
    await groupOf(ada, [], { name: 'Organo oculto' })
    const seen: { name: string; isMember: boolean }[] = []
    let after: string | undefined
    do {
      const page: Awaited<ReturnType<typeof eve.api.conversations.listed.query>> =
        await eve.api.conversations.listed.query({ words: 'orga', after, limit: 2 })
      seen.push(...page.groups.map(({ name, isMember }) => ({ name, isMember })))
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(seen.map(({ name }) => name)).toEqual([
      'Organo cinco',
      'órgano cuatro',
      'organo dos',
      'Organo tres',
      'Órgano uno',
    ])
    expect(seen.every(({ isMember }) => !isMember)).toBe(true)
    const ofAda = await ada.api.conversations.listed.query({ words: 'organo uno' })
    expect(ofAda.groups).toMatchObject([{ isMember: true, memberCount: 1, joinPolicy: 'approval' }])
    expect((await ada.api.conversations.listed.query({ words: 'rgano' })).groups).toEqual([])
  })

  test('mine come with the newest activity first, page by page, with what was said last', async () => {
    const [ada, ben] = await stage.people(2)
    const ids = await Promise.all(Array.from({ length: 5 }, () => groupOf(ada, [ben])))
    for (const id of ids) await say(ada, id, `in ${id}`)
    const newestFirst = ids.toReversed()
    const seen: string[] = []
    let after: string | undefined
    do {
      const page: Awaited<ReturnType<typeof ben.api.conversations.mine.query>> =
        await ben.api.conversations.mine.query({ after, limit: 2 })
      for (const { conversation, lastMessage, role, memberCount } of page.conversations) {
        seen.push(conversation.id)
        expect(lastMessage?.content).toEqual({ kind: 'plain', text: `in ${conversation.id}` })
        expect({ role, memberCount }).toEqual({ role: 'member', memberCount: 2 })
      }
      after = page.next ?? undefined
    } while (after !== undefined)
    expect(seen).toEqual(newestFirst)
  })

  test('P9: a page goes on only from where another ended', async () => {
    const ada = await stage.person()
    for (const after of ['nonsense', '1.c', `x.c${'x'.repeat(15)}`]) {
      const refused = await refusal(ada.api.conversations.mine.query({ after }))
      expect(refused).toEqual({ kind: 'invalid-input', field: 'after' })
    }
    const get = ada.api.conversations.get.query({ conversationId: `c${'x'.repeat(15)}` })
    expect(await refusal(get)).toMatchObject({ kind: 'not-a-member' })
  })
})
