import {
  nameCharsMax,
  passwordCharsMax,
  passwordCharsMin,
  usernameCharsMax,
  usernameCharsMin,
} from '@parley/domain/limits'
import { portErrorOf } from '../../ports/caller.ts'
import { troubleText } from './act.ts'
import { wordsFor } from './trouble-words.ts'

/** What went wrong, and the field of the form that it is said at; null: at the form itself. */
export interface FieldTrouble<Field extends string> {
  readonly field: Field | null
  readonly text: string
}

/** What would be right, where the server only says that a field is not. */
const wants: Readonly<Record<string, string>> = {
  url: 'Type an address such as chat.example.org, or paste an invite link.',
  username: `Use ${String(usernameCharsMin)} to ${String(usernameCharsMax)} letters, digits, dots, dashes or underscores. It begins with a letter or digit.`,
  password: `Use ${String(passwordCharsMin)} to ${String(passwordCharsMax)} characters.`,
  next: `Use ${String(passwordCharsMin)} to ${String(passwordCharsMax)} characters.`,
  passphrase: `Use ${String(passwordCharsMin)} to ${String(passwordCharsMax)} characters.`,
  displayName: `Use 1 to ${String(nameCharsMax)} characters, in one line.`,
  name: `Use at most ${String(nameCharsMax)} characters, in one line.`,
  lastName: `Use at most ${String(nameCharsMax)} characters, in one line.`,
  note: `Use at most ${String(nameCharsMax)} characters, in one line.`,
  uses: 'Use a whole number from 1 to 10,000.',
  invite: 'This is not an invite link.',
}

interface Said {
  readonly kind: string
  readonly message: string
  readonly field?: string | undefined
}

/**
 * Where and how trouble with a form is said. Fields that are named by the server go before the places that the form
 * itself knows for a kind of trouble.
 */
export function placeTrouble<Field extends string>(
  trouble: Said,
  fields: readonly Field[],
  places: Readonly<Partial<Record<string, Field>>> = {},
): FieldTrouble<Field> {
  const named = trouble.field?.split('.').at(-1)
  const field = fields.find((each) => each === named) ?? places[trouble.kind] ?? null
  const wanted = trouble.kind === 'invalid-input' && named !== undefined ? wants[named] : undefined
  return { field, text: wanted ?? wordsFor(trouble.kind, trouble.message) }
}

/** The same, of what a call was rejected with. @returns null where it was not. */
export function fieldTrouble<Field extends string>(
  error: unknown,
  fields: readonly Field[],
  places: Readonly<Partial<Record<string, Field>>> = {},
): FieldTrouble<Field> | null {
  if (error === null || error === undefined) return null
  const trouble = portErrorOf(error)
  return trouble ? placeTrouble(trouble, fields, places) : { field: null, text: troubleText(error) }
}

/** What is said at one field of a form; null: what is said at the form itself. */
export const at = <Field extends string>(trouble: FieldTrouble<Field> | null, field: Field | null) =>
  trouble?.field === field ? trouble.text : null
