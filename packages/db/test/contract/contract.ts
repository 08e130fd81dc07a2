import { describe } from 'vitest'
import { accountsContract } from './accounts.ts'
import { attachmentsContract } from './attachments.ts'
import { conversationsContract } from './conversations.ts'
import { inviteLinksContract } from './invite-links.ts'
import { logContract } from './log.ts'
import { membersContract } from './members.ts'
import { messagesContract } from './messages.ts'
import type { OpenEmpty } from './opening.ts'
import { readingContract } from './reading.ts'
import { requestsContract } from './requests.ts'
import { sealedContract } from './sealed.ts'
import { searchContract } from './search.ts'
import { sessionsContract } from './sessions.ts'
import { writingContract } from './writing.ts'

/** What every database does that Parley is kept in. */
export const databaseContract = (open: OpenEmpty): void => {
  describe('accounts', () => {
    accountsContract(open)
  })
  describe('sessions', () => {
    sessionsContract(open)
  })
  describe('invite links', () => {
    inviteLinksContract(open)
  })
  describe('conversations', () => {
    conversationsContract(open)
  })
  describe('members', () => {
    membersContract(open)
  })
  describe('messages', () => {
    messagesContract(open)
  })
  describe('attachments', () => {
    attachmentsContract(open)
  })
  describe('requests', () => {
    requestsContract(open)
  })
  describe('sealed conversations', () => {
    sealedContract(open)
  })
  describe('the log', () => {
    logContract(open)
  })
  describe('search', () => {
    searchContract(open)
  })
  describe('writing', () => {
    writingContract(open)
  })
  describe('reading', () => {
    readingContract(open)
  })
}
