import type { JoinRequest } from '@parley/domain/conversations'
import type { AccountId, ConversationId, DeviceId } from '@parley/domain/ids'
import type { EditMessage, Message, SendMessage, Sent } from '@parley/domain/messages'
import type { Hash } from '@parley/domain/sealed/bytes'
import type {
  AnswerLink,
  Appended,
  BackupPart,
  ChainHead,
  ChainPage,
  GrantsPage,
  KeyRequest,
  LinkRequest,
  ListHead,
  ListsPage,
  PutBackup,
  StoredBackup,
} from '@parley/domain/sealed/wire'
import type { z } from 'zod'

export interface ListWish {
  readonly accountId: AccountId
  /** The account's newest list, unless named. */
  readonly identity?: Hash
  readonly from: number
}

export interface ChainAppend {
  readonly conversationId: ConversationId
  readonly entries: string[]
  readonly grants?: string[]
  readonly password?: string
}

/** What sealed conversations need of a server. Errors are `ParleyError`s. */
export interface SealedPort {
  appendList(entries: string[], beginAgain: boolean): Promise<ListHead>
  lists(wishes: readonly ListWish[]): Promise<ListsPage>
  useDevice(deviceId: DeviceId): Promise<void>
  requestLink(request: string): Promise<void>
  linkRequests(): Promise<LinkRequest[]>
  answerLink(answer: AnswerLink): Promise<void>
  linkAnswer(deviceId: DeviceId): Promise<AnswerLink | null>
  chainHead(id: ConversationId): Promise<ChainHead | null>
  chain(id: ConversationId, from: number): Promise<ChainPage>
  append(wish: ChainAppend): Promise<Appended>
  grant(id: ConversationId, grants: string[]): Promise<void>
  grants(id: ConversationId, after: string | null): Promise<GrantsPage>
  requestKeys(id: ConversationId, firstEpoch: number, lastEpoch: number): Promise<void>
  keyRequests(id: ConversationId): Promise<KeyRequest[]>
  putBackup(part: PutBackup): Promise<void>
  backupParts(): Promise<StoredBackup[]>
  backupPart(part: BackupPart, keyId: string): Promise<string>
  settleBackup(keyId: string): Promise<void>
  send(message: z.input<typeof SendMessage>): Promise<Sent>
  edit(edit: z.input<typeof EditMessage>): Promise<Message>
  askToJoin(id: ConversationId, keyMaterial: string): Promise<JoinRequest>
}
