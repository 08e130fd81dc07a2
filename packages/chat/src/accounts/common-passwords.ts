import { Refusal } from '@parley/domain/refusal'

let known: Promise<ReadonlySet<string>> | undefined

/** The list is large and rarely asked for, so it is read when first needed. */
const commonPasswords = () =>
  (known ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set<string>(dictionary['passwords-common']),
  ))

/**
 * @param field where the password was given.
 * @throws Refusal `password-common` for what others' lists of leaked passwords begin with, and for the username itself.
 */
export async function refuseCommonPassword(
  password: string,
  username: string,
  field = 'password',
): Promise<void> {
  const plain = password.toLowerCase()
  if (plain === username.toLowerCase() || (await commonPasswords()).has(plain)) {
    throw new Refusal(
      'password-common',
      'This password is among the first that others would try: choose another.',
      { field },
    )
  }
}
