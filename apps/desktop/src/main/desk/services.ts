import type { Changing } from '../changing.ts'
import type { Commands } from '../commands.ts'
import type { Settings, SettingsChange } from '../settings/schema.ts'
import type { Attention } from '../window/attention.ts'
import type { ChosenFiles } from './chosen-files.ts'
import type { Notice } from './notices.ts'

/** How the keys of this device can be kept: by the system's keyring, or not at all by the system. */
export type Protection = 'keyring' | 'none'

export interface Keyring {
  protection(): Promise<Protection>
  /** Wraps with a key that the keyring keeps for this person and app. @throws Refusal `not-allowed` without a keyring. */
  protect(secret: Uint8Array): Promise<Uint8Array>
  /** @throws when the keyring does not know it any more. */
  unprotect(wrapped: Uint8Array): Promise<Uint8Array>
}

/** `off`: this build has nowhere to look for updates. `ready`: installed at the next quit, or when it is asked for. */
export type UpdateState =
  | { readonly kind: 'off' }
  | { readonly kind: 'none'; readonly checkedAt: number | null }
  | { readonly kind: 'checking' }
  | { readonly kind: 'downloading'; readonly version: string; readonly percent: number }
  | { readonly kind: 'ready'; readonly version: string }
  | { readonly kind: 'failed'; readonly reason: 'unreachable' | 'damaged' }

export interface Updates {
  readonly state: Changing<UpdateState>
  check(): Promise<void>
  /** Quits, installs and starts again. @throws Refusal `not-found` while there is none to install. */
  install(): void
}

export interface AppInfo {
  readonly name: string
  readonly version: string
  readonly electron: string
  readonly chrome: string
  readonly node: string
  readonly platform: string
  readonly arch: string
  readonly packaged: boolean
  /** Where the app's files and its log are. */
  readonly folder: string
}

export interface SettingsStore extends Changing<Settings> {
  change(change: SettingsChange): Settings
}

/** What the desk does, behind its router. */
export interface DeskServices {
  readonly info: AppInfo
  readonly settings: SettingsStore
  readonly keyring: Keyring
  readonly updates: Updates
  readonly commands: Commands
  readonly attention: Changing<Attention>
  readonly files: ChosenFiles
  /** What the window prints, as a file that the person chooses; its name, or null when none was chosen. */
  printToFile(suggestedName: string): Promise<string | null>
  readonly notices: {
    show(notice: Notice): void
    /** Of one conversation, or of all of an account. */
    withdraw(which: { readonly account: string; readonly conversationId?: string | undefined }): void
  }
  /** Messages that were not read, for the badge and the tray. */
  setUnread(unread: number): void
  /** Asks for a look: a frame that flashes, an icon that jumps. Ends when the window is looked at. */
  askAttention(): void
  openExternal(url: string): Promise<void>
  /** Languages that the spell checker can be set to. */
  spellingLanguages(): readonly string[]
}
