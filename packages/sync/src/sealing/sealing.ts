import type { AccountId, ConversationId, DeviceId } from '@parley/domain/ids'
import { Refusal } from '@parley/domain/refusal'
import type { DeviceView, EncryptionView, LinkCode, SafetyNumberView, SealedNotice } from '../views.ts'

/** Everything that the engine does with keys. */
export class Sealing {
  encryption(): EncryptionView {
    return { kind: 'unknown' }
  }

  devices(): readonly DeviceView[] {
    return []
  }

  safetyNumber(_accountId: AccountId): SafetyNumberView | null {
    return null
  }

  sealedNotices(_id: ConversationId): readonly SealedNotice[] {
    return []
  }

  beginLink(): LinkCode {
    throw notLinked()
  }

  enterLinkCode(_code: string): Promise<void> {
    return Promise.reject(notLinked())
  }

  makeRecoveryCode(): Promise<string> {
    return Promise.reject(notLinked())
  }

  confirmRecoveryCode(_code: string): Promise<boolean> {
    return Promise.resolve(false)
  }

  recoverWith(_code: string): Promise<void> {
    return Promise.reject(notLinked())
  }

  beginAgain(): Promise<void> {
    return Promise.reject(notLinked())
  }

  revokeDevice(_id: DeviceId): Promise<void> {
    return Promise.reject(notLinked())
  }

  setVerified(_accountId: AccountId, _on: boolean): void {
    throw notLinked()
  }

  inviteLink(_id: ConversationId): Promise<string> {
    return Promise.reject(notLinked())
  }
}

const notLinked = () => new Refusal('device-unknown', 'This device is none of its account yet.')
