/** Every limit of Parley, with its unit last. Whoever needs a bound names it here. */

// Text that people write
export const usernameCharsMin = 2
export const usernameCharsMax = 32
export const nameCharsMax = 80
export const passwordCharsMin = 8
export const passwordCharsMax = 256
export const conversationNameCharsMax = 80
export const conversationDescriptionCharsMax = 1_000
export const messageTextCharsMax = 20_000
export const sealedContentBytesMax = 96 * 1024
export const keyMaterialBytesMax = 16 * 1024
export const emojiCharsMax = 64
export const deviceNameCharsMax = 80
export const clientMessageIdCharsMax = 64
export const clientConversationIdCharsMax = 64
export const searchCharsMax = 200
export const searchWordsMax = 10

// Things per thing
export const membersPerConversationMax = 10_000
export const conversationsPerAccountMax = 5_000
export const mentionsPerMessageMax = 100
export const attachmentsPerMessageMax = 10
export const reactionsPerMessageMax = 500
export const reactionKindsPerMessageMax = 32
export const sessionsPerAccountMax = 100
export const botsPerAccountMax = 20
export const addPeoplePerCallMax = 100
export const joinRequestsPerConversationMax = 1_000
export const invitationsPerAccountMax = 200
export const inviteLinksMax = 1_000

// Pages
export const pageItemsDefault = 50
export const pageItemsMax = 200
/** Of the messages' JSON in a page, which may so hold fewer items; a batch of such answers fits what a connection may hold unsent. */
export const pageCharsMax = 128 * 1024

// Sockets and requests
export const frameBytesMax = 256 * 1024
export const httpBodyBytesMax = 256 * 1024
export const authenticateMs = 5_000
export const subscriptionsPerConnectionMax = 64
export const callsPerBatchMax = 20
/** Calls that one connection may have under way; further ones wait in the socket, which is not read meanwhile. */
export const callsInFlightPerConnectionMax = 128
export const connectionsPerAddressMax = 1_000
export const connectionsPerAccountMax = 50
export const connectionsMax = 20_000
export const pingMs = 5_000
export const pongWaitMs = 5_000

// The stream (P5)
/** What may wait unsent for one reader, kernel buffers apart; past it the reader is fed from the log. */
export const readerBufferBytesMax = 1024 * 1024
/** Once a reader holds this much, live entries are no longer handed to it. One frame must still fit below the bound above. */
export const readerHighWaterBytes = 256 * 1024
/** The reader that fell behind gets its next page when its buffer is down to this. */
export const readerLowWaterBytes = 64 * 1024
export const feedPageEntriesMax = 500
export const feedPageBytesMax = 256 * 1024
/** How many positions one step of reading the log covers, so that no step holds up the others. */
export const feedPositionsPerStepMax = 20_000
/** How many entries one transaction takes; the rest wait for the next. */
export const commitGroupWritesMax = 512
export const writesWaitingMax = 20_000
export const presenceTickMs = 500
/** Whoever says again and again that they write does so before this is over. */
export const typingTtlMs = 6_000
export const cursorAdvanceMs = 600_000
/** Readers behind the kept part of the log are told to `resync` (P4). */
export const logEntriesKeptMin = 1_000_000

// Attachments
export const attachmentBytesMax = 512 * 1024 * 1024
export const attachmentNameCharsMax = 255
export const uploadsPerAccountMax = 20
export const uploadKeptMs = 24 * 3_600_000
export const orphanAttachmentKeptMs = 24 * 3_600_000

// Accounts and secrets
export const tokenBytes = 32
export const sessionIdleMs = 90 * 24 * 3_600_000
export const inviteLinkKeptMs = 30 * 24 * 3_600_000
export const oidcFlowMs = 600_000
export const oidcFlowsMax = 10_000
export const passwordHashesAtOnceMax = 4
export const passwordHashesWaitingMax = 200
export const bridgeVerifyMs = 5_000

// Sealed conversations
export const devicesPerAccountMax = 32
/** Of a device list, over an account's life; a list that is full begins anew with another identity. */
export const deviceListEntriesMax = 2_000
export const deviceListEntryBytesMax = 2 * 1024
export const chainEntryBytesMax = 96 * 1024
export const chainMembersPerEntryMax = 1_000
export const invitesPerConversationMax = 100
export const entriesPerAppendMax = 100
/** An epoch ends after this many messages, or this time, by the program that sends next. */
export const epochMessagesMax = 1_000
export const epochMs = 7 * 24 * 3_600_000
/** Keys in one grant: 8 KiB of them. */
export const epochsPerGrantMax = 256
export const grantBytesMax = 9 * 1024
export const grantsPerCallMax = 500
export const keyRequestsPerConversationMax = 1_000
export const keyRequestKeptMs = 30 * 24 * 3_600_000
/** Programs that could answer a key request wait this long for the one whose turn is first, and as long again whenever their place doubles. */
export const keyAnswerTurnMs = 2_000
export const linkRequestKeptMs = 900_000
export const linkRequestsPerAccountMax = 5
export const backupPartBytesMax = 96 * 1024
export const attachmentChunkBytes = 64 * 1024
export const sealedPaddingBytes = 64
export const reactionBytesMax = 64
/** Of a sealed reaction: 96 bytes as base64url. */
export const sealedReactionChars = 128

// Rates: points in a window of seconds
export const signInsPerAccount = { points: 10, windowSeconds: 300 } as const
export const signInsPerAddress = { points: 100, windowSeconds: 300 } as const
export const signUpsPerAddress = { points: 20, windowSeconds: 3_600 } as const
export const sendsPerAccount = { points: 3_000, windowSeconds: 10 } as const
export const callsPerAccount = { points: 20_000, windowSeconds: 10 } as const
export const callsPerAddress = { points: 100, windowSeconds: 10 } as const
export const searchesPerAccount = { points: 60, windowSeconds: 10 } as const
export const typingPerAccount = { points: 20, windowSeconds: 10 } as const
export const joinPasswordTriesPerAccount = { points: 10, windowSeconds: 300 } as const
