import {
  nameCharsMax,
  passwordCharsMax,
  passwordCharsMin,
  usernameCharsMax,
  usernameCharsMin,
} from '@parley/domain/limits'
import { portErrorOf } from '../../ports/caller.ts'
import { troubleText } from './act.ts'

/** What went wrong, and the field of the form that it is said at; null: at the form itself. */
export interface FieldTrouble<Field extends string> {
  readonly field: Field | null
  readonly text: string
}

/** What would be right, where the server only says that a field is not. */
const wants: Readonly<Record<string, string>> = {
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

/**
 * Where and how trouble with a form is said. Fields that are named by the server go before the places that the form
 * itself knows for a kind of trouble.
 */
export function fieldTrouble<Field extends string>(
  error: unknown,
  fields: readonly Field[],
  places: Readonly<Partial<Record<string, Field>>> = {},
): FieldTrouble<Field> | null {
  if (error === null || error === undefined) return null
  const trouble = portErrorOf(error)
  const named = trouble?.field?.split('.').at(-1)
  const field = fields.find((each) => each === named) ?? (trouble && places[trouble.kind]) ?? null
  const wanted = trouble?.kind === 'invalid-input' && named !== undefined ? wants[named] : undefined
  return { field, text: wanted ?? troubleText(error) }
}

/** What is said at one field of a form. */
export const at = <Field extends string>(trouble: FieldTrouble<Field> | null, field: Field | null) =>
  trouble?.field === field ? trouble.text : null
