import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Chat, openChat } from '@parley/chat/chat'
import { openDatabase } from '@parley/db/open'
import type { SignUpPolicy } from '@parley/domain/server'
import { FakeClock } from '@parley/testkit/fake-clock'

export const caller = { address: '192.0.2.1' }

export interface Logged {
  readonly event: string
  readonly fields: Record<string, unknown>
}

/** Chat over a real database, with what it logs and a clock that stands still. */
export class ChatStage implements AsyncDisposable {
  readonly chat: Chat
  readonly clock: FakeClock
  readonly logged: Logged[]
  readonly #folder: string

  private constructor(parts: { chat: Chat; clock: FakeClock; logged: Logged[]; folder: string }) {
    this.chat = parts.chat
    this.clock = parts.clock
    this.logged = parts.logged
    this.#folder = parts.folder
  }

  static async open(signUp: SignUpPolicy = 'open'): Promise<ChatStage> {
    const folder = await mkdtemp(join(tmpdir(), 'parley-identity-'))
    const db = await openDatabase(`sqlite:${join(folder, 'parley.db')}`)
    const logged: Logged[] = []
    // Tokens carry the time of the provider, which has a clock of its own.
    const clock = new FakeClock(Date.now())
    const log = (event: string, fields: Record<string, unknown>) => void logged.push({ event, fields })
    const chat = openChat({ db, clock, log, settings: { signUp, passwords: 'on', rateFactor: 1 } })
    return new ChatStage({ chat, clock, logged, folder })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chat.close()
    await this.chat.db.close()
    await rm(this.#folder, { recursive: true })
  }
}
