import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Client, connect } from '@parley/client/connect'
import type { ConnectionState } from '@parley/client/connection/state'
import { signOut } from '@parley/client/sign-in'
import type { SignedIn } from '@parley/domain/accounts'
import { Refusal } from '@parley/domain/refusal'
import { type Engine, openEngine } from '@parley/sync/engine'
import { serverOver } from '@parley/sync/over-client'
import type { Topic } from '@parley/sync/views'
import { type DeviceAccount, Registry } from './accounts/registry.ts'
import type { DeskPort } from './desk-port.ts'
import { keyBytes } from './vault/sealing.ts'
import { Vault } from './vault/vault.ts'

/** `app` is told when the state below changes, `accounts` when one that is not shown is there, or has other unread messages. */
export type HostTopic = Topic | 'app' | 'accounts'

/** What the app as a whole shows. */
export type AppState =
  /** The passphrase of this device is asked for. */
  | { readonly kind: 'locked' }
  /** The system's keyring does not have the key any more: try again, or start anew. */
  | { readonly kind: 'key-lost' }
  /** What is kept on this device cannot be read: damaged, or written by a newer Parley. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'signed-out' }
  /** Signed in on a system without a keyring: a passphrase has to be chosen before anything is kept. */
  | { readonly kind: 'choose-passphrase'; readonly username: string }
  | { readonly kind: 'signed-in'; readonly account: DeviceAccount; readonly byPassphrase: boolean }

export interface HostOptions {
  /** Everything of this device lies below it. */
  readonly folder: string
  readonly desk: DeskPort
  /** Defects, for whoever writes the log; never content. */
  readonly onDefect: (error: unknown) => void
  /** Told of each account that was opened, with the milliseconds that its store took. */
  readonly onOpened?: ((ms: number) => void) | undefined
  /** Reads what opening a store takes, while a passphrase is made a key of. It is done once, however often it is called. */
  readonly prepareToOpen?: (() => void) | undefined
}

export interface OpenAccount {
  readonly account: DeviceAccount
  readonly engine: Engine
  readonly client: Client
}

/** Between two steps of the engine: what the window asks comes in where the loop waits, which it does not before what is due at once. */
const breatheMs = 1

interface Arriving {
  readonly signedIn: SignedIn
  readonly url: string
  readonly serverName: string
}

/** The accounts of this device. All of them are open, and one is shown: the topics are of that one. */
export class Host implements AsyncDisposable {
  readonly desk: DeskPort
  readonly vault: Vault
  readonly registry: Registry
  /** The conversation that the window shows, as its page says. */
  lookedAt: string | null = null
  readonly #options: HostOptions
  readonly #listeners = new Set<(topics: ReadonlySet<HostTopic>) => void>()
  readonly #opened = new Map<string, OpenAccount>()
  #byPassphrase = false
  #damaged = false
  #closed = false
  #opening: Promise<void> = Promise.resolve()
  #arriving: Arriving | null = null

  constructor(options: HostOptions) {
    this.#options = options
    this.desk = options.desk
    this.vault = new Vault(join(options.folder, 'vault.json'), options.desk)
    this.registry = new Registry(options.folder, this.vault)
  }

  /** Opens the account that was open last, as far as that needs nobody. What cannot be read is left as it is. */
  async start(): Promise<void> {
    try {
      await this.registry.start()
      await this.vault.start()
      await this.#openAll()
      this.#damaged = false
    } catch (error) {
      this.#damaged = true
      this.#options.onDefect(error)
    }
  }

  get state(): AppState {
    if (this.#damaged) return { kind: 'damaged' }
    if (this.#arriving)
      return { kind: 'choose-passphrase', username: this.#arriving.signedIn.account.username }
    if (this.vault.state === 'locked') return { kind: 'locked' }
    if (this.vault.state === 'lost') return { kind: 'key-lost' }
    const shown = this.#shown
    if (!shown) return { kind: 'signed-out' }
    return { kind: 'signed-in', account: shown.account, byPassphrase: this.#byPassphrase }
  }

  /** The account that is shown. @throws Refusal `signed-out`. */
  get open(): OpenAccount {
    const shown = this.#shown
    if (!shown) throw new Refusal('signed-out', 'Nobody is signed in on this device.')
    return shown
  }

  get isOpen(): boolean {
    return this.#shown !== null
  }

  /** Also those that are not shown. */
  get allOpen(): readonly OpenAccount[] {
    return [...this.#opened.values()]
  }

  get #shown(): OpenAccount | null {
    const { active } = this.registry
    return (active && this.#opened.get(active.key)) ?? null
  }

  onChange(listener: (topics: ReadonlySet<HostTopic>) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** @throws Refusal `wrong-credentials`. */
  async unlock(passphrase: string): Promise<void> {
    await this.vault.unlock(passphrase, this.#options.prepareToOpen)
    await this.#openAll()
    this.#tell('app')
  }

  /** Asks the keyring once more, or reads what could not be read. */
  async tryAgain(): Promise<void> {
    await this.start()
    this.#tell('app')
  }

  /** Takes up who has just signed in. Where the keyring keeps nothing, a passphrase is asked for first. */
  async arrive(arriving: Arriving): Promise<void> {
    if (this.vault.state === 'empty' && !(await this.vault.makeByKeyring())) {
      this.#arriving = arriving
      this.#tell('app')
      return
    }
    await this.#settle(arriving)
  }

  /** @throws Refusal `not-found` when nobody has just signed in. */
  async choosePassphrase(passphrase: string): Promise<void> {
    const arriving = this.#arriving
    if (!arriving) throw new Refusal('not-found', 'Nobody waits for a passphrase.')
    await this.vault.choosePassphrase(passphrase)
    this.#arriving = null
    await this.#settle(arriving)
  }

  /**
   * Ends the session and forgets everything that is held of the account. Without a connection the session stays on the
   * server, where another device can end it.
   */
  async signOut(): Promise<void> {
    const { account } = this.open
    const { token } = this.registry.secretsOf(account)
    await this.#close(account.key)
    await signOut({ url: account.url, token }).catch(() => {})
    await this.registry.forget(account)
    await this.#openAll()
    this.#tell('app')
  }

  async switchTo(key: string): Promise<void> {
    const account = this.registry.accounts.find((each) => each.key === key)
    if (!account) return
    // One that cannot be read leaves the other where it is.
    this.#openOne(account)
    await this.registry.activate(key)
    this.lookedAt = null
    this.#tell('app')
  }

  /** The network is back, or the machine awake. */
  retryNow(): void {
    for (const { engine } of this.#opened.values()) engine.retryNow()
  }

  /** Forgets every account and the key of this device: what is left when nothing opens it any more. */
  async startAnew(): Promise<void> {
    await this.#opening
    await this.#closeAll()
    for (const account of this.registry.accounts) await this.registry.forget(account)
    await this.vault.forget()
    this.#arriving = null
    this.#damaged = false
    this.#tell('app')
  }

  /** Everything that was accepted is on disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    await this.#opening
    await this.#closeAll()
  }

  async #settle({ signedIn, url, serverName }: Arriving): Promise<void> {
    const { id: accountId, username, displayName } = signedIn.account
    const { key } = await this.registry.take(
      { url, serverName, accountId, username, displayName },
      signedIn.token,
      randomBytes(keyBytes),
    )
    // Of one that was here before the session is another one now.
    await this.#close(key)
    await this.#openAll()
    this.#tell('app')
  }

  /** The one that is shown; the others when whoever waits for that one has been answered. */
  async #openAll(): Promise<void> {
    const { active } = this.registry
    if (this.vault.state !== 'open' || !active) return
    this.#openOne(active)
    this.#byPassphrase = await this.vault.byPassphrase()
    this.#opening = this.#opening.then(() => this.#openOthers())
  }

  async #openOthers(): Promise<void> {
    for (const { key } of this.registry.accounts) {
      if (this.#opened.has(key)) continue
      await new Promise((resolve) => setImmediate(resolve))
      const account = this.registry.accounts.find((each) => each.key === key)
      if (this.#closed || this.vault.state !== 'open' || !account) continue
      try {
        this.#openOne(account)
        this.#tell('accounts')
      } catch (error) {
        // Said again, and to the person, once it is switched to.
        this.#options.onDefect(error)
      }
    }
  }

  #openOne(account: DeviceAccount): void {
    if (this.#opened.has(account.key)) return
    const { key } = account
    const { token, storeKey } = this.registry.secretsOf(account)
    const path = this.registry.storeOf(account)
    mkdirSync(dirname(path), { recursive: true })
    const began = performance.now()
    let tellEngine: (state: ConnectionState) => void = () => {}
    const client = connect({ url: account.url, token, onState: (state) => tellEngine(state) })
    const engine = openEngine({
      path,
      key: storeKey,
      connect(onState) {
        tellEngine = onState
        return serverOver(client)
      },
      onDefect: this.#options.onDefect,
      carriesBeside: true,
      breathe: () => new Promise((resolve) => setTimeout(resolve, breatheMs)),
    })
    engine.onChange((topics) => {
      if (this.#opened.get(key)?.engine !== engine) return
      if (this.registry.active?.key === key) this.#tellAll(topics)
      else if (topics.has('badge')) this.#tell('accounts')
    })
    this.#opened.set(key, { account, engine, client })
    this.#options.onOpened?.(performance.now() - began)
  }

  async #close(key: string): Promise<void> {
    const open = this.#opened.get(key)
    this.#opened.delete(key)
    await open?.engine.close()
  }

  async #closeAll(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((key) => this.#close(key)))
  }

  #tell(topic: HostTopic): void {
    this.#tellAll(new Set([topic]))
  }

  #tellAll(topics: ReadonlySet<HostTopic>): void {
    for (const listener of [...this.#listeners]) listener(topics)
  }
}
