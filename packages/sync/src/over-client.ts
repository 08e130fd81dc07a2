import type { Client } from '@parley/client/connect'
import { ParleyError } from '@parley/client/parley-error'
import { AttachmentId } from '@parley/domain/ids'
import type { Call, Done } from './outbox/calls.ts'
import { sealedPortOver } from './sealing/port-over-client.ts'
import type { DownloadWish, PageWish, ServerPort } from './ports.ts'
import { pageItemsMax } from '@parley/domain/limits'

const membersPerPage = 1_000

/** The server through the typed API. */
export function serverOver(client: Client): ServerPort {
  const { api } = client
  return {
    get state() {
      return client.state
    },
    snapshot: () => api.stream.snapshot.query(),
    mine: (after) => api.conversations.mine.query({ after }),
    page: (wish: PageWish) => api.messages.page.query({ ...wish }),
    message: (conversationId, messageId) => api.messages.get.query({ conversationId, messageId }),
    messageAtTime: (conversationId, at) => api.messages.atTime.query({ conversationId, at }),
    members: (conversationId, after) =>
      api.conversations.members.query({
        conversationId,
        limit: membersPerPage,
        ...(after !== null && { after }),
      }),
    people: (after) => api.people.list.query({ limit: pageItemsMax, ...(after !== null && { after }) }),
    search: (query) => api.messages.search.query({ ...query }),
    typing: async (conversationId) => {
      await api.messages.typing.mutate({ conversationId })
    },
    upload: async (file, wish) => AttachmentId.parse(await client.upload(file, wish)),
    download: (id, wish) => download(client, id, wish),
    perform: (call) => perform(client, call),
    sealed: sealedPortOver(client),
    follow: (options) => client.follow(options),
    retryNow: () => client.retryNow(),
    close: () => client.close(),
  }
}

async function download(client: Client, id: AttachmentId, wish: DownloadWish) {
  const answer = await client.download(id, wish)
  const bytes = Number(answer.headers.get('content-length') ?? Number.NaN)
  if (!Number.isSafeInteger(bytes) || !answer.body) {
    throw new ParleyError('not-understood', 'The server does not say how long the attachment is.')
  }
  return { bytes, parts: partsOf(answer.body) }
}

async function* partsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body
  } catch (cause) {
    throw new ParleyError('connection-lost', 'The download broke off.', { cause })
  }
}

const done: Done = { kind: 'done' }
const after = async (change: Promise<unknown>): Promise<Done> => {
  await change
  return done
}

/** Asks for one change, once: what to make of a lost answer is the outbox's to say. */
async function perform({ api }: Client, call: Call): Promise<Done> {
  switch (call.kind) {
    case 'send': {
      const { kind: _, operationId, attachments: __, attachmentIds, ...message } = call
      const sent = await api.messages.send.mutate({
        ...message,
        clientMessageId: operationId,
        ...(attachmentIds && { attachments: [...attachmentIds] }),
      })
      return { kind: 'sent', sent }
    }
    case 'edit': {
      const { kind: _, operationId: __, ...edit } = call
      return { kind: 'message', message: await api.messages.edit.mutate(edit) }
    }
    case 'delete':
      return after(api.messages.delete.mutate(inputOf(call)))
    case 'react':
      return after(api.messages.react.mutate(inputOf(call)))
    case 'mark-read': {
      const marker = await api.messages.markRead.mutate(inputOf(call))
      return { kind: 'read', marker }
    }
    case 'update-profile':
      return after(api.account.updateProfile.mutate(call.profile))
    case 'turn-sealed':
    case 'set-history':
      throw new ParleyError('not-understood', 'This is done by a signed entry of the chain.')
    case 'make-group':
    case 'open-direct':
    case 'rename':
    case 'describe':
    case 'set-join-policy':
    case 'close':
    case 'join':
    case 'leave':
      return performOnConversation(api, call)
    case 'add-members':
    case 'remove-member':
    case 'set-role':
    case 'hand-over':
      return performOnMembers(api, call)
    default:
      return performOnRequests(api, call)
  }
}

type Api = Client['api']
type CallOf<Kind extends Call['kind']> = Extract<Call, { kind: Kind }>

async function performOnConversation(
  { conversations }: Api,
  call: CallOf<
    'make-group' | 'open-direct' | 'rename' | 'describe' | 'set-join-policy' | 'close' | 'join' | 'leave'
  >,
): Promise<Done> {
  switch (call.kind) {
    case 'make-group': {
      const { kind: _, operationId, attachmentIds: __, history: ___, ...group } = call
      const named = { ...group, clientConversationId: operationId }
      return { kind: 'conversation', conversation: await conversations.makeGroup.mutate(named) }
    }
    case 'open-direct':
      return {
        kind: 'conversation',
        conversation: await conversations.openDirect.mutate(inputOf(call)),
      }
    case 'rename':
      return {
        kind: 'conversation',
        conversation: await conversations.rename.mutate(inputOf(call)),
      }
    case 'describe':
      return {
        kind: 'conversation',
        conversation: await conversations.describe.mutate(inputOf(call)),
      }
    case 'set-join-policy': {
      const { kind: _, operationId: __, ...policy } = call
      return { kind: 'conversation', conversation: await conversations.setJoinPolicy.mutate(policy) }
    }
    case 'close':
      return after(conversations.close.mutate(inputOf(call)))
    case 'join': {
      const { kind: _, operationId: __, invite: ___, ...join } = call
      return after(conversations.join.mutate(join))
    }
    case 'leave':
      return after(conversations.leave.mutate(inputOf(call)))
  }
}

async function performOnMembers(
  { conversations }: Api,
  call: CallOf<'add-members' | 'remove-member' | 'set-role' | 'hand-over'>,
): Promise<Done> {
  switch (call.kind) {
    case 'add-members': {
      const { conversationId, accountIds } = call
      return after(conversations.addMembers.mutate({ conversationId, accountIds }))
    }
    case 'remove-member':
      return after(conversations.removeMember.mutate(inputOf(call)))
    case 'set-role':
      return after(conversations.setRole.mutate(inputOf(call)))
    case 'hand-over':
      return after(conversations.handOver.mutate(inputOf(call)))
  }
}

async function performOnRequests(
  { joinRequests, invitations }: Api,
  call: CallOf<
    | 'ask-to-join'
    | 'cancel-join-request'
    | 'approve-join'
    | 'decline-join'
    | 'invite'
    | 'withdraw-invitation'
    | 'accept-invitation'
    | 'decline-invitation'
  >,
): Promise<Done> {
  switch (call.kind) {
    case 'ask-to-join': {
      const { invite: _, ...ask } = inputOf(call)
      return after(joinRequests.ask.mutate(ask))
    }
    case 'cancel-join-request':
      return after(joinRequests.cancel.mutate(inputOf(call)))
    case 'approve-join':
      return after(joinRequests.approve.mutate(inputOf(call)))
    case 'decline-join':
      return after(joinRequests.decline.mutate(inputOf(call)))
    case 'invite':
      return after(invitations.send.mutate(inputOf(call)))
    case 'withdraw-invitation':
      return after(invitations.withdraw.mutate(inputOf(call)))
    case 'accept-invitation':
      return after(invitations.accept.mutate({ fromId: call.fromId }))
    case 'decline-invitation':
      return after(invitations.decline.mutate(inputOf(call)))
  }
}

/** The server takes no field that it does not know. */
function inputOf<C extends Call>({ kind: _, operationId: __, ...input }: C) {
  return input
}
