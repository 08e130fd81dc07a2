import type { AccountId } from '@parley/domain/ids'
import type { SealedNotice } from '../live/queries.ts'
import { sealedWords } from '../live/sealed-words.ts'

/** What happened, as one line of the timeline. @param who names somebody at the beginning of a sentence */
export function noticeWords(notice: SealedNotice, who: (id: AccountId) => string): string {
  switch (notice.kind) {
    case 'sealed':
      return `${who(notice.by)} turned encryption on. From here on, only members’ devices can read this.`
    case 'identity-changed':
      return `${who(notice.accountId)} began again with new keys.`
    case 'device-added':
      return `${who(notice.accountId)} linked a new device.`
    case 'device-revoked':
      return `${who(notice.accountId)} revoked a device.`
    case 'lied':
      return `The server showed something that cannot be. ${sealedWords[notice.cause].happened}`
    case 'history':
      return notice.policy === 'everything'
        ? `${who(notice.by)} opened all that was said here to newcomers.`
        : `${who(notice.by)} closed to newcomers what was said before they join.`
  }
}
