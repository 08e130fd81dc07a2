import type { PeoplePage } from '@parley/domain/accounts'
import type { MembersPage, MinePage } from '@parley/domain/conversations'
import type { AccountId, AttachmentId, ConversationId, MessageId } from '@parley/domain/ids'
import type { History, Message, SearchResult } from '@parley/domain/messages'
import type { CertificateKind } from '@parley/domain/sealed/device-list'
import type { Snapshot, StreamEvent } from '@parley/domain/stream'
import type { UploadOptions, UploadSource } from '@parley/client/files'
import type { ConnectionState } from '@parley/client/connection/state'
import type { Call, Done } from './outbox/calls.ts'
import type { SealedPort } from './sealing/port.ts'
import type { SearchQuery } from './views.ts'

/** Time comes in from outside, so that tests hold it in their hands. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls once after `ms`, unless disposed before. */
  after(ms: number, call: () => void): Disposable
}

export type Followed = StreamEvent & { readonly cursor: number }

export interface PageWish {
  readonly conversationId: ConversationId
  readonly before?: MessageId
  readonly after?: number
  readonly around?: MessageId
  readonly limit: number
}

export interface DownloadWish {
  /** Leaves out the first bytes. What an attachment holds never changes. */
  readonly fromByte: number
  readonly signal: AbortSignal
}

export interface Download {
  /** What is to come. */
  readonly bytes: number
  readonly parts: AsyncIterable<Uint8Array>
}

/** What the engine needs of a server. Errors are `ParleyError`s, as those of `@parley/client`. */
export interface ServerPort {
  readonly state: ConnectionState
  snapshot(): Promise<Snapshot>
  mine(after: string): Promise<MinePage>
  page(wish: PageWish): Promise<History>
  message(conversationId: ConversationId, messageId: MessageId): Promise<Message>
  messageAtTime(conversationId: ConversationId, at: number): Promise<MessageId | null>
  members(id: ConversationId, after: AccountId | null): Promise<MembersPage>
  people(after: string | null): Promise<PeoplePage>
  search(query: SearchQuery): Promise<SearchResult>
  typing(id: ConversationId): Promise<void>
  /** Goes on by itself as long as it gets on; `onBegin` tells by what it can be gone on with later. */
  upload(file: UploadSource, wish: UploadOptions): Promise<AttachmentId>
  download(id: AttachmentId, wish: DownloadWish): Promise<Download>
  /** Asks for one change, once. */
  perform(call: Call): Promise<Done>
  follow(options: { cursor: number; logId: string; signal: AbortSignal }): AsyncIterable<Followed>
  /** Without it nothing is sealed or opened. */
  readonly sealed?: SealedPort | undefined
  retryNow(): void
  close(): Promise<void>
}

export interface EngineOptions {
  /** The account's store; made when it is not there. */
  readonly path: string
  /** 32 random bytes, kept by the caller where secrets are kept. */
  readonly key: Uint8Array
  /** Connects; `onState` is to be told of each change of the connection. */
  readonly connect: (onState: (state: ConnectionState) => void) => ServerPort
  /** What this device's certificate says that it is, for ever: `person` unless a program takes part by itself. */
  readonly deviceKind?: CertificateKind | undefined
  readonly clock?: Clock | undefined
  /** From 0 up to 1. */
  readonly random?: (() => number) | undefined
  readonly newOperationId?: (() => string) | undefined
  /** Lets others have their turn between two steps of a long work. `setImmediate` unless given. */
  readonly breathe?: (() => Promise<void>) | undefined
  /**
   * While much is written, a thread keeps the store's file in order beside the engine, which is felt otherwise. False unless
   * given: where nobody looks at a screen it is not worth its room.
   */
  readonly carriesBeside?: boolean | undefined
  /** Defects, by name, for whoever writes the log; never content. */
  readonly onDefect?: ((error: unknown) => void) | undefined
}
