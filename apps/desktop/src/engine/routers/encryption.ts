import { AccountId, ConversationId, DeviceId, Position } from '@parley/domain/ids'
import { ConversationKey } from '@parley/sync/actions'
import { z } from 'zod'
import { inviteLinkFor } from '../invite-link.ts'
import { saveText } from '../save-text.ts'
import { procedure, router } from '../trpc.ts'

/** A code as somebody typed it, with dashes and spaces. */
const Typed = z.strictObject({ code: z.string().min(1).max(200) })
const Somebody = z.strictObject({ accountId: AccountId })
const InConversation = z.strictObject({ conversationId: ConversationId })

const seenName = 'sealed-notices-seen'
/** Conversations of which it is kept up to where their notices were seen: those that were seen last. */
const seenMax = 1_000
const Seen = z.record(z.string(), z.number()).catch({})
const deviceNamesName = 'device-names'
const deviceNameCharsMax = 60
/** Names that are kept; the oldest ones go when there are more. */
const deviceNamesMax = 100
const DeviceNames = z.record(z.string(), z.string()).catch({})
const putOffName = 'recovery-code-put-off'

/** The keys of this device, of the account's others, and of those one talks with. */
export const encryption = router({
  state: procedure.query(({ ctx }) => ctx.engine.encryption()),
  devices: procedure.query(({ ctx }) => ctx.engine.devices()),
  revokeDevice: procedure
    .input(z.strictObject({ id: DeviceId }))
    .mutation(({ ctx, input }) => ctx.engine.revokeDevice(input.id)),

  /** What the person calls devices. It is kept on this one alone: no server is told. */
  deviceNames: procedure.query(({ ctx }) => DeviceNames.parse(ctx.engine.getSetting(deviceNamesName))),
  /** An empty name takes it away. */
  nameDevice: procedure
    .input(z.strictObject({ id: DeviceId, name: z.string().trim().max(deviceNameCharsMax) }))
    .mutation(({ ctx, input: { id, name } }) => {
      const { [id]: _, ...others } = DeviceNames.parse(ctx.engine.getSetting(deviceNamesName))
      const kept = Object.entries(others).slice(1 - deviceNamesMax)
      ctx.engine.setSetting(deviceNamesName, Object.fromEntries(name === '' ? kept : [...kept, [id, name]]))
    }),

  beginLink: procedure.mutation(({ ctx }) => ctx.engine.beginLink()),
  enterLinkCode: procedure.input(Typed).mutation(({ ctx, input }) => ctx.engine.enterLinkCode(input.code)),
  makeRecoveryCode: procedure.mutation(({ ctx }) => ctx.engine.makeRecoveryCode()),
  confirmRecoveryCode: procedure
    .input(Typed)
    .mutation(({ ctx, input }) => ctx.engine.confirmRecoveryCode(input.code)),
  /** Writes what the page says of the code into a file that the person chose. */
  saveRecoveryCode: procedure
    .input(z.strictObject({ text: z.string().max(2_000), handle: z.uuid() }))
    .mutation(({ ctx, input }) => saveText(ctx.host.desk, input.handle, input.text)),
  recoverWith: procedure.input(Typed).mutation(({ ctx, input }) => ctx.engine.recoverWith(input.code)),
  beginAgain: procedure.mutation(({ ctx }) => ctx.engine.beginAgain()),
  /** Whether a recovery code was offered on this device, and put off. */
  isPutOff: procedure.query(({ ctx }) => ctx.engine.getSetting(putOffName) === true),
  putOff: procedure.mutation(({ ctx }) => ctx.engine.setSetting(putOffName, true)),

  /** Null while no keys of that person are known. */
  safetyNumber: procedure.input(Somebody).query(({ ctx, input }) => ctx.engine.safetyNumber(input.accountId)),
  setVerified: procedure
    .input(z.strictObject({ ...Somebody.shape, digits: z.string().max(100).nullable() }))
    .mutation(({ ctx, input }) => ctx.engine.setVerified(input.accountId, input.digits)),
  inviteLink: procedure.input(InConversation).mutation(async ({ ctx, input: { conversationId } }) => {
    const invite = await ctx.engine.inviteLink(conversationId)
    return inviteLinkFor(ctx.account.url, conversationId, invite)
  }),

  /** What people are to know of a conversation, and up to which position somebody said to know it. */
  notices: procedure.input(z.strictObject({ id: ConversationKey })).query(({ ctx, input: { id } }) => {
    const named = ConversationId.safeParse(id).data
    if (named === undefined) return { notices: [], seenUpTo: 0 }
    const seenUpTo = Seen.parse(ctx.engine.getSetting(seenName))[named] ?? 0
    return { notices: ctx.engine.sealedNotices(named), seenUpTo }
  }),
  seeNotices: procedure
    .input(z.strictObject({ ...InConversation.shape, upTo: Position }))
    .mutation(({ ctx, input }) => {
      const { [input.conversationId]: _, ...others } = Seen.parse(ctx.engine.getSetting(seenName))
      const kept = Object.entries(others).slice(1 - seenMax)
      ctx.engine.setSetting(seenName, Object.fromEntries([...kept, [input.conversationId, input.upTo]]))
    }),
})
