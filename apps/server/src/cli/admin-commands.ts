import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { MakeAccount } from '@parley/domain/accounts'
import { InviteLinkId } from '@parley/domain/ids'
import { pageItemsMax } from '@parley/domain/limits'
import { Refusal } from '@parley/domain/refusal'
import type { z } from 'zod'
import {
  type Admin,
  listAccountsAction,
  listInviteLinksAction,
  makeAccountAction,
  makeBotAction,
  makeBotTokenAction,
  makeInviteLinkAction,
  removeInviteLinkAction,
  resetPasswordAction,
  setDisabledAction,
} from '../admin/actions.ts'
import { openAdmin } from '../admin/open-admin.ts'
import { openLog } from '../logs/log.ts'
import { standardError } from '../logs/standard-error.ts'
import { type Call, type Command, type ExitCode, exitCodes, WrongUsage } from './command.ts'
import { accountsIn } from './import-file.ts'
import { inviteLink } from './serve-command.ts'
import { readSecret } from './secret-input.ts'

const json = { json: { about: 'Prints JSON, a line each.' } } as const

/** Runs with whoever carries out admin actions on the data folder. */
async function withAdmin(call: Call, use: (admin: Admin) => Promise<ExitCode>): Promise<ExitCode> {
  const settings = call.settings()
  await using admin = await openAdmin(settings, openLog(settings, standardError()))
  return await use(admin)
}

const makeAccountCommand: Command = {
  words: ['admin', 'accounts', 'make'],
  takes: ['USERNAME'],
  about: 'Makes an account. Its password is read from standard input, or asked for at a terminal.',
  flags: {
    operator: { about: 'The account may do what operators may.' },
    'display-name': { value: 'TEXT', about: 'What people see; the username where it is not given.' },
    'no-password': { about: 'Without a password: for who signs in otherwise.' },
    hashed: { about: 'What is read is not a password but a bcrypt hash of one.' },
  },
  async run(call) {
    const { args, flags } = call
    const [username = ''] = args
    const account: z.input<typeof MakeAccount> = {
      username,
      operator: flags.has('operator'),
      displayName: flags.get('display-name'),
    }
    if (flags.has('no-password') && flags.has('hashed'))
      throw new WrongUsage('--no-password and --hashed exclude each other.')
    // The settings come before the question, so that nobody types a password for nothing.
    call.settings()
    if (flags.has('hashed')) account.passwordHash = await readSecret(call.terminal, 'bcrypt hash')
    else if (!flags.has('no-password')) account.password = await readSecret(call.terminal, 'password')
    return withAdmin(call, async (admin) => {
      const made = await admin.ask(makeAccountAction, account)
      call.terminal.print(`Made the account ${made.username}${made.operator ? ', an operator' : ''}.`)
      return exitCodes.done
    })
  },
}

const listAccountsCommand: Command = {
  words: ['admin', 'accounts', 'list'],
  about: 'Lists all accounts, disabled ones too.',
  flags: json,
  run: (call) =>
    withAdmin(call, async (admin) => {
      let after: string | undefined
      do {
        const page = await admin.ask(listAccountsAction, { after, limit: pageItemsMax })
        for (const account of page.accounts) {
          const marks = [
            account.operator && 'operator',
            account.bot && 'bot',
            account.disabled && 'disabled',
          ].filter(Boolean)
          const said = [account.username, account.displayName, marks.join(' ')].join('\t').trimEnd()
          call.terminal.print(call.flags.has('json') ? JSON.stringify(account) : said)
        }
        after = page.next ?? undefined
      } while (after !== undefined)
      return exitCodes.done
    }),
}

const disabling = (word: 'disable' | 'enable', about: string): Command => ({
  words: ['admin', 'accounts', word],
  takes: ['USERNAME'],
  about,
  run: (call) =>
    withAdmin(call, async (admin) => {
      const [username = ''] = call.args
      await admin.ask(setDisabledAction, { username, disabled: word === 'disable' })
      call.terminal.print(`The account ${username} is ${word}d.`)
      return exitCodes.done
    }),
})

const resetPasswordCommand: Command = {
  words: ['admin', 'accounts', 'reset-password'],
  takes: ['USERNAME'],
  about: 'Gives an account a new password, read from standard input or asked for, and ends its sessions.',
  async run(call) {
    const [username = ''] = call.args
    call.settings()
    const password = await readSecret(call.terminal, 'password')
    return withAdmin(call, async (admin) => {
      await admin.ask(resetPasswordAction, { username, password })
      call.terminal.print(`The account ${username} has its new password, and is signed out everywhere.`)
      return exitCodes.done
    })
  },
}

const importCommand: Command = {
  words: ['admin', 'accounts', 'import'],
  takes: ['FILE'],
  about:
    'Makes the accounts of a file with a JSON object a line: username, and as wanted displayName, name, lastName, passwordHash (bcrypt), password, operator. Lines that are refused are named, and the others made.',
  async run(call) {
    const [file = ''] = call.args
    const path = resolve(call.terminal.folder, file)
    const accounts = accountsIn(await readFile(path, 'utf8'))
    return withAdmin(call, async (admin) => {
      let made = 0
      for (const { line, account } of accounts) {
        try {
          await admin.ask(makeAccountAction, account)
          made += 1
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          call.terminal.say(`Line ${line}: ${error.message} (${error.kind})\n`)
        }
      }
      call.terminal.print(`Made ${made} of ${accounts.length} accounts.`)
      return made === accounts.length ? exitCodes.done : exitCodes.failed
    })
  },
}

const makeBotCommand: Command = {
  words: ['admin', 'bots', 'make'],
  takes: ['USERNAME'],
  about: 'Makes an account for a program, and prints its token, which is shown this once.',
  flags: {
    'display-name': { value: 'TEXT', about: 'What people see; the username where it is not given.' },
    owner: { value: 'USERNAME', about: 'Who decides over it besides operators.' },
  },
  run: (call) =>
    withAdmin(call, async (admin) => {
      const { args, flags, terminal } = call
      const [username = ''] = args
      const { account, token } = await admin.ask(makeBotAction, {
        username,
        displayName: flags.get('display-name'),
        owner: flags.get('owner'),
      })
      terminal.print(token)
      terminal.say(`Made the bot ${account.username}. This is its token.\n`)
      return exitCodes.done
    }),
}

const makeBotTokenCommand: Command = {
  words: ['admin', 'bots', 'make-token'],
  takes: ['USERNAME'],
  about: 'Prints another token of a bot, which is shown this once.',
  flags: { only: { about: 'Ends all others.' } },
  run: (call) =>
    withAdmin(call, async (admin) => {
      const { args, flags, terminal } = call
      const [username = ''] = args
      const { token } = await admin.ask(makeBotTokenAction, { username, only: flags.has('only') })
      terminal.print(token)
      return exitCodes.done
    }),
}

const makeInviteLinkCommand: Command = {
  words: ['admin', 'invite-links', 'make'],
  about:
    'Makes a link with which people make accounts where sign-up is by invitation. It is shown this once.',
  flags: {
    uses: { value: 'NUMBER', about: 'How many accounts can be made with it; 1 where it is not given.' },
    note: { value: 'TEXT', about: 'For the list of links.' },
  },
  run: (call) =>
    withAdmin(call, async (admin) => {
      const { flags, terminal } = call
      const uses = flags.get('uses')
      const { link, secret } = await admin.ask(makeInviteLinkAction, {
        ...(uses !== undefined && { uses: Number(uses) }),
        note: flags.get('note'),
      })
      const settings = call.settings()
      terminal.print(
        inviteLink(admin.url ?? settings.publicUrl ?? `http://${settings.host}:${settings.port}`, secret),
      )
      terminal.say(
        `For ${link.usesLeft === 1 ? 'one account' : `${link.usesLeft} accounts`}, until ${day(link.expiresAt)}.\n`,
      )
      return exitCodes.done
    }),
}

const listInviteLinksCommand: Command = {
  words: ['admin', 'invite-links', 'list'],
  about: 'Lists the links that are still good.',
  flags: json,
  run: (call) =>
    withAdmin(call, async (admin) => {
      const { links } = await admin.ask(listInviteLinksAction, {})
      for (const link of links) {
        const said = [link.id, `${link.usesLeft} left`, `until ${day(link.expiresAt)}`, link.note]
          .join('\t')
          .trimEnd()
        call.terminal.print(call.flags.has('json') ? JSON.stringify(link) : said)
      }
      return exitCodes.done
    }),
}

const removeInviteLinkCommand: Command = {
  words: ['admin', 'invite-links', 'remove'],
  takes: ['ID'],
  about: 'Makes a link useless.',
  run: (call) =>
    withAdmin(call, async (admin) => {
      const id = InviteLinkId.safeParse(call.args[0])
      if (!id.success)
        throw new WrongUsage(
          `"${call.args[0]}" is no id of an invite link: see "parley admin invite-links list".`,
        )
      await admin.ask(removeInviteLinkAction, { inviteLinkId: id.data })
      call.terminal.print(`The invite link ${id.data} is gone.`)
      return exitCodes.done
    }),
}

const day = (timestamp: number) => new Date(timestamp).toISOString().slice(0, 10)

/** What the operator does at the command line; while the server runs, it is the server that does it. */
export const adminCommands: readonly Command[] = [
  makeAccountCommand,
  listAccountsCommand,
  disabling('disable', 'Signs an account out everywhere and lets it in no more; its messages stay.'),
  disabling('enable', 'Lets a disabled account in again.'),
  resetPasswordCommand,
  importCommand,
  makeBotCommand,
  makeBotTokenCommand,
  makeInviteLinkCommand,
  listInviteLinksCommand,
  removeInviteLinkCommand,
]
