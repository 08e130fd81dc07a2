import { MakeAccount } from '@parley/domain/accounts'
import type { z } from 'zod'
import { WrongUsage } from './command.ts'

export interface ImportedLine {
  readonly line: number
  readonly account: z.input<typeof MakeAccount>
}

/** @throws WrongUsage naming every line that is no account: then none is made. What the line holds is not repeated. */
export function accountsIn(text: string): ImportedLine[] {
  const accounts: ImportedLine[] = []
  const problems: string[] = []
  for (const [index, content] of text.split('\n').entries()) {
    if (content.trim() === '') continue
    const read = readLine(content)
    if (typeof read === 'string') problems.push(`Line ${index + 1}: ${read}`)
    else accounts.push({ line: index + 1, account: read })
  }
  if (problems.length > 0) throw new WrongUsage(`${problems.join('\n')}\nNothing was imported.`)
  return accounts
}

function readLine(content: string): z.input<typeof MakeAccount> | string {
  let json: unknown
  try {
    json = JSON.parse(content)
  } catch {
    return 'it is not JSON.'
  }
  const parsed = MakeAccount.safeParse(json)
  if (parsed.success) return parsed.data
  return parsed.error.issues.map((issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`).join('; ')
}
