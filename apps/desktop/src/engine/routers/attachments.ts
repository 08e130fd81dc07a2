import { attachmentNameCharsMax, attachmentsPerMessageMax } from '@parley/domain/limits'
import { MessageId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import { AttachmentKey, ConversationKey, DraftAttachmentId } from '@parley/sync/actions'
import type { Engine } from '@parley/sync/engine'
import { chunkBytes } from '@parley/sync/limits'
import { z } from 'zod'
import { IncomingFile } from '../incoming-file.ts'
import { procedure, router } from '../trpc.ts'

/** Files that pages hand over at once. */
const incomingFilesMax = 4 * attachmentsPerMessageMax

const Handle = z.uuid()
/** A file, as the message shows it; of none while it is in a draft or waits. */
const Shown = z.strictObject({ id: AttachmentKey, messageId: MessageId.nullable() })
const NewFile = z.strictObject({
  conversationId: ConversationKey,
  name: z.string().min(1).max(attachmentNameCharsMax),
  mediaType: z.string().max(127),
})

const incoming = new WeakMap<Engine, Map<string, IncomingFile>>()

function incomingOf(engine: Engine): Map<string, IncomingFile> {
  const files = incoming.get(engine) ?? new Map<string, IncomingFile>()
  incoming.set(engine, files)
  return files
}

function incomingFile(engine: Engine, handle: string): IncomingFile {
  const file = incomingOf(engine).get(handle)
  if (!file) throw new Refusal('not-found', 'This file was taken back, or is there already.')
  return file
}

export const attachments = router({
  /** What is on its way, to the server or from it. */
  transfers: procedure.query(({ ctx }) => ctx.engine.transfers()),
  bytes: procedure
    .input(Shown)
    .query(({ ctx, input: { id, messageId } }) => ctx.engine.attachment(id, messageId)),
  /** Writes it to a file that the person chose; `transfers` says how far that is. */
  save: procedure
    .input(z.strictObject({ ...Shown.shape, handle: Handle }))
    .mutation(async ({ ctx, input, signal }) => {
      const file = await ctx.host.desk.claimFile(input.handle)
      if (file.purpose !== 'write') throw new Refusal('not-allowed', 'This file was chosen to be read.')
      await ctx.engine.saveAttachment(input.id, input.messageId, file.path, { signal })
    }),
  /** Adds a file that the person chose to a draft. */
  addChosen: procedure
    .input(z.strictObject({ ...NewFile.shape, handle: Handle }))
    .mutation(async ({ ctx, input: { conversationId, name, mediaType, handle } }) => {
      const { path, purpose } = await ctx.host.desk.claimFile(handle)
      if (purpose !== 'read') throw new Refusal('not-allowed', 'This file was chosen to be written.')
      return ctx.engine.addAttachment(conversationId, { name, mediaType, content: { path } })
    }),
  /** Begins to add a file of which the page has the bytes: dropped or pasted. Answers by what the pieces name it. */
  begin: procedure.input(NewFile).mutation(({ ctx: { engine }, input }) => {
    const files = incomingOf(engine)
    if (files.size >= incomingFilesMax) throw new Refusal('too-many', 'Too many files are being added.')
    const { conversationId, name, mediaType } = input
    const handle = crypto.randomUUID()
    files.set(
      handle,
      new IncomingFile((content) => engine.addAttachment(conversationId, { name, mediaType, content })),
    )
    return { handle, pieceBytes: chunkBytes }
  }),
  /** The next piece; answers when another one is wanted. */
  put: procedure
    .input(z.strictObject({ handle: Handle, bytes: z.instanceof(Uint8Array<ArrayBufferLike>) }))
    .mutation(({ ctx, input }) => incomingFile(ctx.engine, input.handle).put(input.bytes)),
  /** All pieces are there, and the file is in the draft. */
  finish: procedure.input(z.strictObject({ handle: Handle })).mutation(async ({ ctx, input: { handle } }) => {
    try {
      return await incomingFile(ctx.engine, handle).finish()
    } finally {
      incomingOf(ctx.engine).delete(handle)
    }
  }),
  cancel: procedure.input(z.strictObject({ handle: Handle })).mutation(({ ctx, input: { handle } }) => {
    incomingOf(ctx.engine).get(handle)?.cancel()
    incomingOf(ctx.engine).delete(handle)
  }),
  /** Answers false when it is in no draft any more. */
  remove: procedure
    .input(z.strictObject({ id: DraftAttachmentId }))
    .mutation(({ ctx, input }) => ctx.engine.removeDraftAttachment(input.id)),
})
