import { makeBotFor, makeTokenFor } from '@parley/chat/accounts/bots'
import { listInviteLinks, makeInviteLink, removeInviteLink } from '@parley/chat/accounts/invite-links'
import {
  accountNamed,
  listAccounts,
  makeAccount,
  resetPassword,
  setDisabled,
} from '@parley/chat/accounts/operator'
import type { Chat } from '@parley/chat/chat'
import {
  InviteLink,
  InviteLinkMade,
  InviteLinkRef,
  ListPeople,
  BotMade,
  MakeAccount,
  MakeBot,
  MakeInviteLink,
  Me,
  Password,
} from '@parley/domain/accounts'
import { Refusal } from '@parley/domain/refusal'
import { z } from 'zod'

/** Something that `parley admin` does, beside the data or in the server that runs on it. */
export interface Action<Given, Output> {
  readonly name: string
  /** @throws Refusal */
  perform(chat: Chat, given: Given): Promise<Output>
  /** The same for what came as JSON. @throws Refusal, `invalid-input` among them. */
  performJson(chat: Chat, given: unknown): Promise<Output>
  /** Reads an answer that came as JSON. */
  read(answer: unknown): Output
}

/** Whoever carries out admin actions: this process, or the server that runs. */
export interface Admin extends AsyncDisposable {
  /** The address of the server that runs; null when none does. */
  readonly url: string | null
  /** @throws Refusal */
  ask<Given, Output>(action: Action<Given, Output>, given: Given): Promise<Output>
}

function action<Given, Parsed, Output>(options: {
  name: string
  input: z.ZodType<Parsed, Given>
  output: z.ZodType<Output>
  run: (chat: Chat, input: Parsed) => Promise<Output>
}): Action<Given, Output> {
  const perform = async (chat: Chat, given: unknown) => {
    const parsed = options.input.safeParse(given)
    if (parsed.success) return options.run(chat, parsed.data)
    const [issue] = parsed.error.issues
    const field = issue?.path.join('.') ?? ''
    throw new Refusal(
      'invalid-input',
      `${field || 'The input'}: ${issue?.message ?? 'is invalid'}`,
      field ? { field } : {},
    )
  }
  return { name: options.name, perform, performJson: perform, read: (answer) => options.output.parse(answer) }
}

const Nothing = z.strictObject({})
const Named = z.strictObject({ username: z.string().min(1) })

export const makeAccountAction = action({
  name: 'accounts/make',
  input: MakeAccount,
  output: Me,
  run: makeAccount,
})

export const listAccountsAction = action({
  name: 'accounts/list',
  input: ListPeople,
  output: z.strictObject({ accounts: z.array(Me), next: z.string().nullable() }),
  run: listAccounts,
})

export const setDisabledAction = action({
  name: 'accounts/set-disabled',
  input: z.strictObject({ ...Named.shape, disabled: z.boolean() }),
  output: Nothing,
  async run(chat, { username, disabled }) {
    const { id } = await accountNamed(chat, username)
    await setDisabled(chat, { accountId: id, disabled })
    return {}
  },
})

export const resetPasswordAction = action({
  name: 'accounts/reset-password',
  input: z.strictObject({ ...Named.shape, password: Password }),
  output: Nothing,
  async run(chat, { username, password }) {
    const { id } = await accountNamed(chat, username)
    await resetPassword(chat, { accountId: id, password })
    return {}
  },
})

export const makeBotAction = action({
  name: 'bots/make',
  input: z.strictObject({ ...MakeBot.shape, owner: z.string().min(1).optional() }),
  output: BotMade,
  run: makeBotFor,
})

export const makeBotTokenAction = action({
  name: 'bots/make-token',
  input: z.strictObject({ ...Named.shape, only: z.boolean() }),
  output: BotMade,
  run: makeTokenFor,
})

export const makeInviteLinkAction = action({
  name: 'invite-links/make',
  input: MakeInviteLink,
  output: InviteLinkMade,
  run: makeInviteLink,
})

export const listInviteLinksAction = action({
  name: 'invite-links/list',
  input: Nothing,
  output: z.strictObject({ links: z.array(InviteLink) }),
  run: async (chat) => ({ links: await listInviteLinks(chat) }),
})

export const removeInviteLinkAction = action({
  name: 'invite-links/remove',
  input: InviteLinkRef,
  output: Nothing,
  async run(chat, { inviteLinkId }) {
    await removeInviteLink(chat, inviteLinkId)
    return {}
  },
})

/** What a server carries out for whoever reaches its control socket. */
export const actions: ReadonlyMap<string, Pick<Action<never, unknown>, 'performJson'>> = new Map(
  [
    makeAccountAction,
    listAccountsAction,
    setDisabledAction,
    resetPasswordAction,
    makeBotAction,
    makeBotTokenAction,
    makeInviteLinkAction,
    listInviteLinksAction,
    removeInviteLinkAction,
  ].map((one) => [one.name, one]),
)
