import type { Client } from '@parley/client/connect'
import { pageItemsMax } from '@parley/domain/limits'
import type { SealedPort } from './port.ts'

const nothing = async (work: Promise<unknown>): Promise<void> => {
  await work
}

/** What sealed conversations need, through the typed API. */
export function sealedPortOver({ api }: Client): SealedPort {
  const { devices, sealed, backup, messages, joinRequests } = api
  return {
    appendList: (entries, beginAgain) => devices.append.mutate({ entries, beginAgain }),
    lists: (lists) => devices.lists.query({ lists: [...lists] }),
    useDevice: (deviceId) => nothing(devices.use.mutate({ deviceId })),
    requestLink: (request) => nothing(devices.requestLink.mutate({ request })),
    linkRequests: () => devices.linkRequests.query(),
    answerLink: (answer) => nothing(devices.answerLink.mutate(answer)),
    linkAnswer: (deviceId) => devices.linkAnswer.query({ deviceId }),
    chainHead: (conversationId) => sealed.head.query({ conversationId }),
    chain: (conversationId, from) => sealed.chain.query({ conversationId, from }),
    append: (wish) => sealed.append.mutate(wish),
    grant: (conversationId, grants) => nothing(sealed.grant.mutate({ conversationId, grants })),
    grants: (conversationId, after) =>
      sealed.grants.query({ conversationId, limit: pageItemsMax, ...(after !== null && { after }) }),
    requestKeys: (conversationId, firstEpoch, lastEpoch) =>
      nothing(sealed.requestKeys.mutate({ conversationId, firstEpoch, lastEpoch })),
    keyRequests: (conversationId) => sealed.keyRequests.query({ conversationId }),
    putBackup: (part) => nothing(backup.put.mutate(part)),
    backupParts: () => backup.parts.query(),
    backupPart: async (part, keyId) => (await backup.get.query({ part, keyId })).sealed,
    settleBackup: (keyId) => nothing(backup.settle.mutate({ keyId })),
    send: (message) => messages.send.mutate(message),
    edit: (edit) => messages.edit.mutate(edit),
    askToJoin: (conversationId, keyMaterial) => joinRequests.ask.mutate({ conversationId, keyMaterial }),
  }
}
