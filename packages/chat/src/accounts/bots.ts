import type { AccountRow, Writing } from '@parley/db/stores'
import type { BotMade, MakeBot, MakeBotToken, Person, Session } from '@parley/domain/accounts'
import type { AccountId } from '@parley/domain/ids'
import { botsPerAccountMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { Actor } from '../actor.ts'
import type { Chat } from '../chat.ts'
import { setDisabledIn } from './operator.ts'
import { endSessions, startSession } from './sessions.ts'
import { addAccount, blankAccount } from './sign-up.ts'
import { personOf } from './wire.ts'

/**
 * Makes an account for a program, owned by whoever makes it, and its first token.
 * @throws Refusal `username-taken`; `not-allowed` when a bot asks; `too-many` past `botsPerAccountMax`.
 */
export async function makeBot(chat: Chat, actor: Actor, input: MakeBot): Promise<BotMade> {
  return chat.db.write(async (tx) => {
    const maker = await tx.accounts.byId(actor.accountId)
    if (!maker || maker.bot) throw new Refusal('not-allowed', 'A bot cannot make bots.')
    return addBot(chat, tx, input, maker)
  })
}

/**
 * The same, as an operator's command: owned by whom it names, or by nobody, and then operators alone decide over it.
 * @throws Refusal `username-taken`; `not-found` and `not-allowed` for an owner that is none; `too-many`.
 */
export async function makeBotFor(
  chat: Chat,
  { owner: ownerName, ...input }: MakeBot & { owner?: string | undefined },
): Promise<BotMade> {
  return chat.db.write(async (tx) => {
    const owner = ownerName === undefined ? null : await tx.accounts.byUsername(ownerName)
    if (ownerName !== undefined && !owner)
      throw new Refusal('not-found', `There is no account "${ownerName}".`, { field: 'owner' })
    if (owner && (owner.bot || owner.disabled))
      throw new Refusal('not-allowed', 'A bot, or who is disabled, owns no bots.', { field: 'owner' })
    return addBot(chat, tx, input, owner)
  })
}

async function addBot(chat: Chat, tx: Writing, input: MakeBot, owner: AccountRow | null): Promise<BotMade> {
  if (owner && (await tx.accounts.ofOwner(owner.id)).length >= botsPerAccountMax) {
    throw new Refusal('too-many', `An account has at most ${botsPerAccountMax} bots.`)
  }
  const now = chat.clock.now()
  const account = {
    ...blankAccount(input.username, now),
    displayName: input.displayName || input.username,
    bot: true,
    ownerId: owner?.id ?? null,
  }
  await addAccount(tx, account)
  const { token, sessionId } = await startSession(tx, account, 'Bot', now)
  return { account: personOf(account), token, sessionId }
}

/**
 * Another token for a bot, as an operator's command; with `only`, all others end.
 * @throws Refusal `not-found`, `account-disabled`
 */
export async function makeTokenFor(
  chat: Chat,
  { username, only }: { username: string; only: boolean },
): Promise<BotMade> {
  return chat.db.write(async (tx) => {
    const bot = await tx.accounts.byUsername(username)
    if (!bot?.bot) throw new Refusal('not-found', `There is no bot "${username}".`, { field: 'username' })
    if (bot.disabled) throw new Refusal('account-disabled', 'This bot is disabled.')
    if (only) await endSessions(tx, bot.id)
    const { token, sessionId } = await startSession(tx, bot, 'Bot', chat.clock.now())
    return { account: personOf(bot), token, sessionId }
  })
}

export async function listBots(chat: Chat, actor: Actor): Promise<Person[]> {
  return (await chat.db.read.accounts.ofOwner(actor.accountId)).map(personOf)
}

/** The bot's owner and operators decide over it. */
async function botOf(tx: Writing, actor: Actor, accountId: AccountId) {
  const bot = await tx.accounts.byId(accountId)
  if (!bot?.bot || (bot.ownerId !== actor.accountId && !actor.operator)) {
    throw new Refusal('not-found', 'You have no such bot.', { field: 'accountId' })
  }
  return bot
}

export async function makeBotToken(chat: Chat, actor: Actor, input: MakeBotToken): Promise<BotMade> {
  return chat.db.write(async (tx) => {
    const bot = await botOf(tx, actor, input.accountId)
    if (bot.disabled) throw new Refusal('account-disabled', 'This bot is disabled.')
    const { token, sessionId } = await startSession(tx, bot, input.deviceName, chat.clock.now())
    return { account: personOf(bot), token, sessionId }
  })
}

export async function listBotSessions(chat: Chat, actor: Actor, accountId: AccountId): Promise<Session[]> {
  return chat.db.write(async (tx) => {
    const bot = await botOf(tx, actor, accountId)
    return (await tx.sessions.ofAccount(bot.id)).map(
      ({ id, deviceName, deviceId, createdAt, lastUsedAt }) => ({
        id,
        deviceName,
        deviceId,
        createdAt,
        lastUsedAt,
        online: chat.presences.hasSession(id),
        current: id === actor.sessionId,
      }),
    )
  })
}

/** A bot is never deleted, as its messages stay; disabled, all its tokens are void. */
export async function disableBot(chat: Chat, actor: Actor, accountId: AccountId): Promise<void> {
  await chat.db.write(async (tx) => {
    const bot = await botOf(tx, actor, accountId)
    await setDisabledIn(tx, bot.id, true)
  })
}
