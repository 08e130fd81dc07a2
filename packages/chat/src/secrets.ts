import { createHash, randomBytes } from 'node:crypto'
import { AccountId, AttachmentId, ConversationId, InviteLinkId, SessionId } from '@parley/domain/ids'
import { tokenBytes } from '@parley/domain/limits'

/** 90 random bits: with a billion ids made, two are the same with a chance of one in two billion. */
const idChars = () => randomBytes(12).toString('base64url').slice(0, 15)

export const newAccountId = () => AccountId.parse(`a${idChars()}`)
export const newConversationId = () => ConversationId.parse(`c${idChars()}`)
export const newSessionId = () => SessionId.parse(`s${idChars()}`)
export const newAttachmentId = () => AttachmentId.parse(`f${idChars()}`)
export const newInviteLinkId = () => InviteLinkId.parse(`i${idChars()}`)

/** A token or a link's secret: 256 random bits, as base64url. */
export const newSecret = () => randomBytes(tokenBytes).toString('base64url')

/** What is stored of a secret. It has as much randomness as the hash, so a plain SHA-256 protects it. */
export const hashSecret = (secret: string): Uint8Array => createHash('sha256').update(secret).digest()
