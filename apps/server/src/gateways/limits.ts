import { connectionsPerAccountMax } from '@parley/domain/limits'

// What gateways bound of themselves; everything else they do is bounded by the socket server and by `chat`.

/** How many groups `listChats` of `sealed` names: the first by name. */
export const listedChatsMax = 5_000
/** What the load format of `invites` holds: conversations, those with the newest messages first, */
export const loadedConversationsMax = 200
/** the newest messages of each, */
export const loadedMessagesMax = 50
/** as long as all their texts together are no longer than this, */
export const loadedTextCharsMax = 2 * 1024 * 1024
/** and members of each. */
export const loadedMembersMax = 200
/** How many messages a list of `poll` holds. */
export const polledMessagesMax = 50
/** How many people `getUser` of `poll` names. */
export const namedPeopleMax = 100
/** How long `poll` holds a request in which nothing happens. */
export const longPollMs = 25_000
export const heldPollsPerAccountMax = connectionsPerAccountMax
/** How much of a type that is none comes back in the refusal. */
export const echoedTypeCharsMax = 64
