import { removeMember } from '@parley/chat/conversations/members'
import { AccountId, ConversationId } from '@parley/domain/ids'
import { IdentityProvider } from '@parley/testkit/identity-provider'
import { startServer, type ServerOptions, type TestServer } from '@parley/testkit/start-server'
import { NoteClient, textIn } from './note-client.ts'

/** A server that speaks note 000, and the provider at which its people sign in. */
export class SealedStage implements AsyncDisposable {
  readonly provider: IdentityProvider
  readonly #options: ServerOptions
  server: TestServer

  private constructor(provider: IdentityProvider, options: ServerOptions, server: TestServer) {
    this.provider = provider
    this.#options = options
    this.server = server
  }

  static async open({ clock, settings }: ServerOptions = {}): Promise<SealedStage> {
    const provider = await IdentityProvider.start({ clientId: 'parley', clientSecret: null })
    const options: ServerOptions = {
      ...(clock && { clock }),
      settings: { gateways: ['sealed'], oidc: { issuer: provider.issuer, clientId: 'parley' }, ...settings },
    }
    return new SealedStage(provider, options, await startServer(options))
  }

  async restart(): Promise<void> {
    await this.server.close()
    this.server = await startServer(this.#options)
  }

  /** What somebody brings from the provider. */
  accessId(name: string): Promise<string> {
    return this.provider.idToken({ sub: `subject-of-${name}` })
  }

  connect(): Promise<NoteClient> {
    return NoteClient.open(this.server, '/gateway/sealed')
  }

  /** Somebody with an account, signed in. */
  async person(name: string): Promise<SealedPerson> {
    const access_id = await this.accessId(name)
    const client = await this.connect()
    client.send({ type: 'signIn', content: { access_id } })
    const created = await client.ask({ type: 'createUser', content: { access_id, username: name } })
    return new SealedPerson(client, access_id, AccountId.parse(textIn(created, 'userCreated', 'user_id')))
  }

  /** The same person on another connection. */
  async again({ access_id, userId }: SealedPerson): Promise<SealedPerson> {
    const client = await this.connect()
    client.send({ type: 'signIn', content: { access_id } })
    return new SealedPerson(client, access_id, userId)
  }

  /** Takes somebody out of a chat, as its founder does in the app. */
  async remove(founder: SealedPerson, conversationId: ConversationId, accountId: AccountId): Promise<void> {
    const { chat } = this.server
    const [session] = await chat.db.read.sessions.ofAccount(founder.userId)
    if (!session) throw new Error('The founder is not signed in')
    const actor = { accountId: founder.userId, sessionId: session.id, operator: false }
    await removeMember(chat, actor, { conversationId, accountId })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close()
    await this.provider[Symbol.asyncDispose]()
  }
}

export class SealedPerson implements Disposable {
  readonly client: NoteClient
  readonly access_id: string
  readonly userId: AccountId

  constructor(client: NoteClient, access_id: string, userId: AccountId) {
    this.client = client
    this.access_id = access_id
    this.userId = userId
  }

  /** Says a message of the note. */
  say(type: string, content: object = {}): void {
    this.client.send({ type, content: { access_id: this.access_id, ...content } })
  }

  async makeChat(chatName = 'A chat'): Promise<ConversationId> {
    this.say('createChat', { chatName })
    return ConversationId.parse(textIn(await this.client.next(), 'chatCreated', 'chatId'))
  }

  [Symbol.dispose](): void {
    this.client[Symbol.dispose]()
  }
}

/** Lets somebody into a chat, both being there. */
export async function letIn(
  founder: SealedPerson,
  joiner: SealedPerson,
  chatId: ConversationId,
): Promise<void> {
  joiner.say('joinChat', { chatId, pubKey: 'a public key' })
  await founder.client.next()
  founder.say('allowUserToJoinChat', { chatId, joinerId: joiner.userId, symKey: 'a key' })
  await joiner.client.next()
}
